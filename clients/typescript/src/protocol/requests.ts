/** The protocol's requests by name, with their answers as types. Bodies are checked where the client relies on them. */
import type {
  AppendRef,
  ConfirmedRegister,
  EventInput,
  PendingAppend,
  Problem,
  RecordedEvent,
  Snapshot,
} from "../model.js";
import type { Cursor } from "../buffer/local-buffer.js";
import type { OpenedData } from "../codec.js";
import { MAX_STREAM_URL_LENGTH } from "../limits.js";
import { fromBase64 } from "./encoding.js";
import { NoAnswerError, ProblemError } from "./errors.js";
import { notTheGateways, type RequestOf, type Transport } from "./transport.js";

export type AppendStatus = "appended" | "duplicate" | "rejected" | "conflict";

export interface AppendOutcome {
  readonly id: string;
  readonly sequence?: number;
  readonly status: AppendStatus;
  readonly positions?: readonly [number, number];
  readonly versions?: Readonly<Record<string, number>>;
  readonly problem?: Problem;
}

export interface PushAnswer {
  readonly results: readonly AppendOutcome[];
  readonly head: (AppendRef & { readonly position: number }) | null;
}

/** Where the log was when it gave an answer; an older gateway does not tell it of a state. */
export interface LogEnd {
  readonly position: number;
  readonly log: string;
  readonly hash: string;
}

export interface AggregateState extends LogEnd {
  readonly aggregate: string;
  readonly version: number;
  readonly registers: Readonly<Record<string, ConfirmedRegister>>;
  readonly snapshot?: Snapshot;
}

/** What a refusal tells of the log that has no such aggregate, or none that may be seen. */
export interface AbsentState extends Partial<LogEnd> {
  readonly version?: never;
  readonly registers?: never;
  readonly snapshot?: never;
}

export interface AggregatePage {
  readonly events: readonly RecordedEvent[];
  readonly next: number | null;
  readonly version: number;
  readonly firstVersion: number;
}

export interface LogPage extends LogEnd {
  readonly events: readonly RecordedEvent[];
  readonly next: number | null;
  readonly rights?: readonly { readonly aggregate: string; readonly level: string | null; readonly position: number }[];
}

/** Who the gateway takes this client for. */
export interface Me {
  /** The client's id. */
  readonly client: string;
  /** A device that proves its key, or a backend with an API key. */
  readonly kind: "device" | "key";
  /** Its role in the org, if it has one. */
  readonly role?: string;
  /** What it was granted by name. */
  readonly aggregates: readonly { readonly aggregate: string; readonly level: string }[];
  readonly [name: string]: unknown;
}

/** What this client remembers of the log, so that the gateway can see whether it still says the same. */
export interface Agreement {
  readonly check?: string | undefined;
  readonly log?: string | undefined;
}

export function agreement(cursor: Cursor | null): Agreement {
  const { log, check } = cursor ?? {};
  return { log, check: check && `${check.position}:${check.hash}` };
}

export interface LogQuery extends Agreement {
  readonly after?: number;
  readonly to?: number;
  readonly limit?: number;
  readonly aggregates?: readonly string[];
  readonly waitSeconds?: number | undefined;
}

const JSON_TYPE = "application/json";

export class Requests {
  constructor(
    readonly transport: Transport,
    private readonly org: string,
  ) {}

  /**
   * Pushes appends that have sequences; `after` names the one before the first. `texts` are the same appends as JSON
   * (`appendJson`). Without appends the answer is the head alone.
   */
  async push(
    after: AppendRef | null,
    appends: readonly PendingAppend[],
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<PushAnswer> {
    const body = `{"after":${JSON.stringify(after)},"appends":[${texts.join(",")}]}`;
    const answer = await this.call<PushAnswer>("POST", "/appends", body, signal);
    const matches =
      answer?.results?.length === appends.length &&
      answer.results.every(
        // Whatever else a status may be one day, what has a place is in the log.
        ({ id, status, positions }, place) => (positions || status === "rejected") && sameId(id, appends[place]!.id),
      );
    if (!matches) throw new NoAnswerError("not an answer to what was pushed", { cause: 200 });
    return answer;
  }

  /** One append that is made only if the aggregates are at the versions given (0: must not exist). */
  async appendExpecting(
    append: { id: string; events: readonly EventInput[]; expected: Readonly<Record<string, number>> },
    signal?: AbortSignal,
  ): Promise<AppendOutcome> {
    const answer = await this.call<PushAnswer>("POST", "/appends", { appends: [append] }, signal);
    const outcome = answer?.results?.[0];
    if (outcome === undefined) throw new NoAnswerError("not an answer to what was pushed");
    return outcome;
  }

  /** Without a version when the aggregate does not exist, or may not be seen. */
  async state(aggregate: string, agreement: Agreement, signal?: AbortSignal): Promise<AggregateState | AbsentState> {
    try {
      return await this.get<AggregateState>(`/${aggregate}/state?${logQuery(agreement)}`, signal);
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 404) return error.problem as AbsentState;
      throw error;
    }
  }

  events(aggregate: string, query: LogQuery, signal?: AbortSignal): Promise<AggregatePage> {
    return this.get(`/${aggregate}/events?${logQuery(query)}`, signal);
  }

  log(query: LogQuery, signal?: AbortSignal): Promise<LogPage> {
    return this.get(`/events?${logQuery(query)}`, signal);
  }

  /** Opens the merged log as Server-Sent Events; `late` is what it comes to when its head does not come in time. */
  async stream(query: LogQuery, signal: AbortSignal, late: () => Error): Promise<Response> {
    const headers = { Accept: "text/event-stream" };
    const path = await this.streamPath(query, signal);
    const response = await this.transport.open({ method: "GET", path, headers, signal, late });
    if (!/^text\/event-stream\b/i.test(response.headers.get("Content-Type") ?? "")) {
      await this.transport.discard(response);
      throw notTheGateways(response);
    }
    return response;
  }

  /** Where the stream is; a filter that makes a long address goes into the body of a request for a ticket. */
  private async streamPath(query: LogQuery, signal: AbortSignal): Promise<string> {
    const path = `/v1/${this.org}/events?${logQuery(query)}`;
    if (path.length <= MAX_STREAM_URL_LENGTH) return path;
    const { url } = await this.call<{ readonly url: string }>("POST", "/subscriptions", query, signal);
    return url;
  }

  me(signal?: AbortSignal): Promise<Me> {
    return this.get("/me", signal);
  }

  /** False when there is one of this version or a later one already, or when what it stands for is gone. */
  async putSnapshot(
    aggregate: string,
    version: number,
    content: OpenedData,
    agreement: Agreement,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { data, data_base64, datacontenttype } = content;
    const [body, type] =
      data_base64 === undefined
        ? [JSON.stringify(data), JSON_TYPE]
        : [fromBase64(data_base64), "application/octet-stream"];
    const path = `/${aggregate}/snapshot?version=${version}&${logQuery(agreement)}`;
    try {
      await this.call("PUT", path, body, signal, datacontenttype ?? type);
      return true;
    } catch (error) {
      if (error instanceof ProblemError && [410, 412].includes(error.problem.status)) return false;
      throw error;
    }
  }

  /** A request with a body of this type, or none; its answer is JSON, or nothing. */
  async call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal, type = JSON_TYPE): Promise<T> {
    return await this.transport.send<T>({
      method,
      path: `/v1/${this.org}${path}`,
      headers: { "Content-Type": type, Accept: JSON_TYPE },
      body: typeof body === "string" || body instanceof Uint8Array ? (body as RequestOf["body"]) : JSON.stringify(body),
      signal,
    });
  }

  private get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.call("GET", path, undefined, signal);
  }
}

/** An append as it is pushed; the same append gives the same text every time. */
export function appendJson(append: PendingAppend): string {
  const { sequence, id, events } = append;
  return JSON.stringify(append.givenUp ? { sequence, id, void: true } : { sequence, id, events });
}

export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function logQuery(query: LogQuery): string {
  const { aggregates = [], waitSeconds, ...rest } = query;
  const parts: (readonly [string, string | number | undefined])[] = Object.entries(rest);
  for (const aggregate of aggregates) parts.push(["aggregate", aggregate]);
  if (waitSeconds !== undefined) parts.push(["live", "poll"], ["wait", waitSeconds]);
  return parts
    .flatMap(([name, value]) => (value === undefined ? [] : `${name}=${encodeURIComponent(value)}`))
    .join("&");
}
