/**
 * The merged log as a sequence of messages: over Server-Sent Events, or page by page where those do not pass. Both
 * forms say the same things in the same order.
 */
import { limit, orAborted, tiedTo } from "../abort.js";
import type { Clock } from "../clock.js";
import { PAGE_LIMIT, POLL_PAUSE_MS, POLL_WAIT_SECONDS, STREAM_FIRST_BYTES_MS, STREAM_SILENCE_MS } from "../limits.js";
import type { JsonValue, RecordedEvent } from "../model.js";
import { NoAnswerError, StreamHeldBackError } from "./errors.js";
import type { LogQuery, Requests } from "./requests.js";
import { SseParser, type SseBlock } from "./sse.js";
import { asNoAnswer } from "./transport.js";

/** What someone shows of himself to those who read an aggregate now. */
export interface PresenceMessage {
  /** The aggregate on which it is shown. */
  readonly aggregate: string;
  /** Who shows it. */
  readonly client: string;
  /** Which window, or tab, of that client. */
  readonly instance: string;
  /** Null when it lapsed. */
  readonly data: JsonValue;
}

export type SubscriptionMessage =
  | {
      readonly kind: "events";
      readonly events: readonly RecordedEvent[];
      readonly position: number;
      readonly hash?: string;
      /** This is the head of the log. */
      readonly atHead?: boolean;
    }
  | { readonly kind: "granted" | "revoked"; readonly aggregate: string; readonly position: number | undefined }
  | { readonly kind: "presence"; readonly presence: PresenceMessage }
  | { readonly kind: "closing" };

export interface SubscriptionOf {
  readonly requests: Requests;
  readonly clock: Clock;
  readonly query: LogQuery;
  readonly signal: AbortSignal;
}

const heldBack = (): Error => new StreamHeldBackError();
const silent = (): Error => new NoAnswerError("the stream is silent");

/** Ends when the gateway ends the stream; throws when it is cut. */
export async function* subscribeBySse(of: SubscriptionOf): AsyncGenerator<SubscriptionMessage> {
  const response = await of.requests.stream(of.query, of.signal, heldBack);
  const reader = response.body!.getReader();
  const parser = new SseParser();
  const cut = tiedTo(of.signal);
  // One that is silent for too long is dead, whatever the network says.
  let [ms, late] = [STREAM_FIRST_BYTES_MS, heldBack];
  try {
    for (;;) {
      const inTime = limit(cut, of.clock, ms, late);
      const { done, value } = await orAborted(() => reader.read(), cut.signal).finally(inTime);
      if (done) return;
      [ms, late] = [STREAM_SILENCE_MS, silent];
      for (const block of parser.push(value)) {
        const message = messageOf(block);
        if (message !== undefined) yield message;
      }
    }
  } catch (error) {
    of.signal.throwIfAborted();
    throw asNoAnswer(error);
  } finally {
    cut.release();
    of.requests.transport.release(response);
    await reader.cancel().catch(() => undefined);
  }
}

function messageOf(block: SseBlock): SubscriptionMessage | undefined {
  const position = block.id === undefined ? undefined : Number(block.id);
  const moved = position === undefined ? undefined : ({ kind: "events", events: [], position } as const);
  if (block.data === undefined) return moved;
  const data = JSON.parse(block.data) as unknown;
  switch (block.name) {
    case "":
    case "message":
      if (position === undefined || !Array.isArray(data)) throw new NoAnswerError("not the gateway's: no events");
      return { kind: "events", events: data as RecordedEvent[], position };
    case "caught-up":
    case "agreed":
      return { kind: "events", events: [], atHead: true, ...(data as { position: number; hash: string }) };
    case "granted":
    case "revoked":
      return { kind: block.name, ...(data as { aggregate: string }), position };
    case "presence":
      return { kind: "presence", presence: data as PresenceMessage };
    case "closing":
      return { kind: "closing" };
  }
  // A name that this client does not know: what it must not miss it has in its place in the order.
  return moved;
}

/** The same by long-poll. Never ends by itself. */
export async function* subscribeByPoll(of: SubscriptionOf): AsyncGenerator<SubscriptionMessage> {
  let query: LogQuery = { ...of.query, limit: PAGE_LIMIT };
  for (;;) {
    const page = await of.requests.log(query, of.signal);
    const { log, hash, next, position: end } = page;
    const position = next ?? end;
    yield* pageMessages(page, position);
    const waitSeconds = next === null ? POLL_WAIT_SECONDS : undefined;
    // Something on the way may answer at once what was to wait.
    if (position === query.after) await of.clock.sleep(POLL_PAUSE_MS, of.signal);
    query = { ...query, after: position, log, check: `${position}:${hash}`, waitSeconds };
  }
}

function* pageMessages(page: Awaited<ReturnType<Requests["log"]>>, position: number): Generator<SubscriptionMessage> {
  let { events } = page;
  for (const change of page.rights ?? []) {
    const before = events.filter(event => event.position <= change.position);
    if (before.length > 0) yield { kind: "events", events: before, position: before.at(-1)!.position };
    events = events.slice(before.length);
    yield { ...change, kind: change.level === null ? "revoked" : "granted" };
  }
  yield { kind: "events", events, position, hash: page.hash, atHead: page.next === null };
}
