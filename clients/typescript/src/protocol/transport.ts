/**
 * Requests to one gateway, each with its token and its proof. It gets and renews the token, keeps the nonce, asks once
 * more when the gateway wants a fresh one of either, and turns everything that can go wrong into a `ProblemError` or a
 * `NoAnswerError`. It retries nothing else: whether to send again is for those to decide who know what they sent.
 */
import { limit, orAborted, tiedTo } from "../abort.js";
import type { StoredIdentity } from "../buffer/local-buffer.js";
import { uuidOf, type Clock, type Random } from "../clock.js";
import { defined } from "../defined.js";
import {
  BODY_BYTES_PER_MS,
  BODY_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
  STREAM_FIRST_BYTES_MS,
  TOKEN_RENEWAL_SHARE,
} from "../limits.js";
import type { Keys } from "./device-key.js";
import { proof } from "./dpop.js";
import { isJsonType } from "./encoding.js";
import { NoAnswerError, ProblemError, problemIn } from "./errors.js";

/** What is used of `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface TransportOptions {
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: Keys;
  /** A backend's key; a device has none, and proves its own. */
  readonly apiKey?: string | undefined;
  /** Gives the token of the person who is signed in; undefined: nobody is. */
  readonly auth?: Auth | undefined;
}

/** An OpenID Connect identity token, fresh enough to be exchanged; undefined when nobody is signed in. */
export type Auth = () => Promise<string | undefined> | string | undefined;

export interface RequestOf {
  readonly method: string;
  /** From the root of the gateway, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Of a stream: what it comes to when its head does not come at once. */
  readonly late?: () => Error;
}

interface Token {
  readonly value: string;
  readonly client: string;
  readonly renewAt: number;
}

/** How often one request may be asked again for a nonce or a token: a restart of the gateway makes both stale. */
const ATTEMPTS = 4;

export class Transport {
  private readonly root: string;
  /** The one that is in use, or on its way. */
  private token: Promise<Token> | undefined;
  private nonce: string | undefined;
  /** Answers whose bodies are still tied to the signal of the one who asked. */
  private readonly ties = new WeakMap<Response, () => void>();

  constructor(
    private readonly options: TransportOptions,
    /** Who this client is now; it changes when a fork is healed, here or in another tab. */
    private readonly identity: () => StoredIdentity,
  ) {
    this.root = options.url.replace(/\/+$/, "");
  }

  /**
   * Sends a request and returns the answer when it is a success. Its body is the caller's to read, and to discard: else
   * the connection is held, and in Node the process with it.
   */
  async open(request: RequestOf): Promise<Response> {
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      const authorization = await this.authorization(request);
      const response = await this.fetch(
        this.root + request.path,
        defined({ method: request.method, headers: { ...request.headers, ...authorization }, body: request.body }),
        request,
      );
      if (response.ok) return response;
      const refusal = await this.refusal(response, request.signal);
      if (attempt === ATTEMPTS || !this.mayAskAgain(refusal, renewed)) throw refusal;
      renewed ||= refusal.problem.code !== "use-dpop-nonce";
    }
  }

  /** Sends a request and reads its answer: JSON, or nothing. A page is somebody else's. */
  async send<T>(request: RequestOf): Promise<T> {
    const response = await this.open(request);
    if (isJson(response)) return (await this.body(response, request.signal)) as T;
    await this.discard(response);
    if (response.headers.has("Content-Type")) throw notTheGateways(response);
    return undefined as T;
  }

  /** A gateway that was restarted may not know its tokens any more, and says so only after it asked for a nonce. */
  private mayAskAgain(error: ProblemError, renewed: boolean): boolean {
    if (error.problem.status !== 401 || this.options.apiKey !== undefined) return false;
    if (error.problem.code === "use-dpop-nonce") return true;
    this.token = undefined;
    return !renewed;
  }

  private async authorization(request: RequestOf): Promise<Record<string, string>> {
    if (this.options.apiKey !== undefined) return { Authorization: `Bearer ${this.options.apiKey}` };
    const token = await orAborted(() => this.validToken(), request.signal);
    return {
      Authorization: `DPoP ${token}`,
      DPoP: await this.proof(request.method, this.root + request.path, token),
    };
  }

  private async validToken(): Promise<string> {
    for (;;) {
      const asked = (this.token ??= this.renew());
      const { value, client, renewAt } = await asked.catch((error: unknown) => {
        this.token = undefined;
        throw error;
      });
      // Who signed in meanwhile waits for another one.
      if (this.token !== asked) continue;
      if (client === this.identity().clientId && this.options.clock.now() < renewAt) return value;
      this.token = undefined;
    }
  }

  private async renew(): Promise<Token> {
    const client = this.identity().clientId;
    const url = `${this.root}/oauth/token`;
    const body = await this.grant();
    for (let attempt = 1; ; attempt++) {
      const headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        DPoP: await this.proof("POST", url),
      };
      const response = await this.fetch(url, { method: "POST", headers, body }, {});
      if (response.ok) return this.tokenIn(await this.body(response), client);
      const refusal = await this.refusal(response);
      if (attempt === ATTEMPTS || refusal.problem.code !== "use_dpop_nonce") throw refusal;
    }
  }

  /** The device alone, or with the person who is signed in (RFC 8693). */
  private async grant(): Promise<string> {
    const idToken = await this.options.auth?.();
    if (idToken === undefined) return "grant_type=client_credentials";
    const type = "urn:ietf:params:oauth:";
    return String(
      new URLSearchParams({
        grant_type: `${type}grant-type:token-exchange`,
        subject_token: idToken,
        subject_token_type: `${type}token-type:id_token`,
      }),
    );
  }

  /** The next request asks for a new token: another person may be signed in. */
  forgetToken(): void {
    this.token = undefined;
  }

  private tokenIn(body: unknown, client: string): Token {
    const { access_token: value, expires_in: seconds } = body as { access_token?: unknown; expires_in?: unknown };
    if (typeof value !== "string") throw new NoAnswerError("no token was given");
    // One that is over at once would be asked for without end.
    const life = Math.max(1, Number(seconds) || 60) * 1000;
    return { value, client, renewAt: this.options.clock.now() + life * TOKEN_RENEWAL_SHARE };
  }

  private proof(method: string, url: string, accessToken?: string): Promise<string> {
    const { clock, random, keys } = this.options;
    const issuedAt = Math.floor(clock.now() / 1000);
    return proof(keys, this.identity(), { method, url, jti: uuidOf(random), issuedAt, nonce: this.nonce, accessToken });
  }

  private async fetch(url: string, init: RequestInit, waiting: Pick<RequestOf, "signal" | "late">) {
    const length = (init.body as string | Uint8Array | undefined)?.length ?? 0;
    const ms = waiting.late ? STREAM_FIRST_BYTES_MS : REQUEST_TIMEOUT_MS + length / BODY_BYTES_PER_MS;
    const late = waiting.late ?? (() => new NoAnswerError("no answer in time"));
    waiting.signal?.throwIfAborted();
    const cut = tiedTo(waiting.signal);
    const inTime = limit(cut, this.options.clock, ms, late);
    try {
      const response = await this.options.fetch(url, { ...init, signal: cut.signal });
      this.nonce = response.headers.get("DPoP-Nonce") ?? this.nonce;
      // The answer stays tied to the caller's signal, which also ends the reading of its body. That of a stream has no
      // end; any other is cut when it does not come.
      const bodyInTime = waiting.late && response.ok ? inTime : limit(cut, this.options.clock, BODY_TIMEOUT_MS, late);
      this.ties.set(response, () => {
        bodyInTime();
        cut.release();
      });
      return response;
    } catch (error) {
      cut.release();
      waiting.signal?.throwIfAborted();
      throw asNoAnswer(error);
    } finally {
      inTime();
    }
  }

  /** The caller is done with the body of an answer. */
  release(response: Response): void {
    this.ties.get(response)?.();
  }

  private async refusal(response: Response, signal?: AbortSignal): Promise<ProblemError> {
    const body = isJson(response) ? await this.body(response, signal) : await this.discard(response);
    const problem = problemIn(body, response.status);
    if (problem === undefined) throw notTheGateways(response);
    // A date says nothing to a device whose clock decides nothing.
    return new ProblemError(problem, Number(response.headers.get("Retry-After")) * 1000 || undefined);
  }

  private async body(response: Response, signal?: AbortSignal): Promise<unknown> {
    try {
      return JSON.parse(await response.text()) as unknown;
    } catch (error) {
      signal?.throwIfAborted();
      throw asNoAnswer(error);
    } finally {
      this.release(response);
    }
  }

  /** The body of this answer is of no use. */
  async discard(response: Response): Promise<undefined> {
    this.release(response);
    await response.body?.cancel().catch(() => undefined);
  }
}

/** Somebody else's answer. */
export function notTheGateways({ status }: Response): NoAnswerError {
  return new NoAnswerError(`status ${status}, not the gateway's`, { cause: status });
}

function isJson(response: Response): boolean {
  return isJsonType(response.headers.get("Content-Type") ?? "");
}

export function asNoAnswer(error: unknown): NoAnswerError {
  if (error instanceof NoAnswerError) return error;
  return new NoAnswerError(error instanceof Error ? error.message : String(error), { cause: error });
}
