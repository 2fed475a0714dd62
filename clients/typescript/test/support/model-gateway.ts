/**
 * The protocol in front of a `ModelLog`, as a function in the place of `fetch`: tokens, proofs and nonces, pushes,
 * reads, Server-Sent Events and long-poll; and faults, wherever a test wants one. Test code.
 */
import { thumbprint } from "../../src/protocol/device-key.js";
import type { PublicJwk } from "../../src/buffer/local-buffer.js";
import type { JsonValue, RecordedEvent } from "../../src/model.js";
import type { Fetch } from "../../src/protocol/transport.js";
import { ModelLog, Refused, refuse, type AppendIn } from "./model-log.js";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
  readonly bytes: Uint8Array;
}

/** What goes wrong with a request. `cut` lets so many bytes of the answer through. */
export type Fault =
  | { readonly kind: "request-lost" }
  | { readonly kind: "answer-lost" }
  | { readonly kind: "cut"; readonly bytes: number }
  | { readonly kind: "twice" }
  | { readonly kind: "answer"; readonly response: () => Response };

interface Claims {
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  readonly nonce?: string;
  readonly ath?: string;
}

const ORIGIN = "http://gateway.test";

export class ModelGateway {
  readonly url: string;
  readonly calls: Call[] = [];
  /** Asked for each request that is not the token endpoint's; undefined: all goes well. */
  fault: (call: Call) => Fault | undefined = () => undefined;
  /** Judges what a device asks a token by; an OAuth error code refuses it. */
  judgeGrant: (form: URLSearchParams) => string | undefined = () => undefined;
  /** Asked first for each request; undefined: it is for the others. */
  extension: (call: Call, client: string) => Response | undefined = () => undefined;
  /** Streams are accepted and nothing of them passes, as behind a proxy that buffers. */
  holdsStreamsBack = false;
  tokenLifeSeconds = 600;
  /** So many subscription tickets come too late to be used. */
  lateTickets = 0;
  private readonly tickets = new Map<string, URLSearchParams>();
  nonce = "nonce-1";
  private readonly tokens = new Map<string, string>();
  private readonly usedProofs = new Set<string>();
  private readonly streams = new Set<() => void>();
  private readonly writers = new Set<(text: string) => void>();

  constructor(
    readonly log = new ModelLog(),
    url = ORIGIN,
  ) {
    this.url = url;
  }

  /** Everything that a restart of the gateway makes stale. */
  restart(): void {
    this.nonce = `nonce-${crypto.randomUUID()}`;
    this.usedProofs.clear();
    this.cutStreams();
  }

  dropTokens(): void {
    this.tokens.clear();
  }

  cutStreams(): void {
    for (const cut of [...this.streams]) cut();
  }

  /** Streams stay open and nothing more passes. */
  muteStreams(): void {
    this.log.changed.clear();
  }

  /** Sends these bytes on every open stream. */
  send(text: string): void {
    for (const write of this.writers) write(text);
  }

  callsTo(path: string, method = "POST"): readonly Call[] {
    return this.calls.filter(call => call.path.endsWith(path) && call.method === method);
  }

  readonly fetch: Fetch = async (url, init) => {
    const signal = init.signal ?? undefined;
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
    aborted.catch(() => undefined);
    signal?.throwIfAborted();
    return await Promise.race([this.handle(url, init, signal), aborted]);
  };

  private async handle(url: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
    const address = new URL(url);
    const call = {
      method: init.method ?? "GET",
      path: address.pathname,
      query: address.searchParams,
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? init.body : "",
      bytes: typeof init.body === "string" ? Buffer.from(init.body) : (init.body as Uint8Array),
    };
    this.calls.push(call);
    if (call.path === "/oauth/token") return await this.token(call);
    const fault = this.fault(call);
    if (fault?.kind === "request-lost") throw new TypeError("connection refused");
    if (fault?.kind === "answer") return fault.response();
    if (fault?.kind === "twice") await this.answer(call, signal, true);
    const response = await this.answer(call, signal, fault?.kind === "twice");
    if (fault?.kind === "answer-lost") throw new TypeError("connection reset");
    return fault?.kind === "cut" ? await cutBody(response, fault.bytes) : response;
  }

  private async answer(call: Call, signal: AbortSignal | undefined, again: boolean): Promise<Response> {
    try {
      const client = await this.authenticate(call, again);
      return this.route(call, client, signal);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const headers: Record<string, string> = { "Content-Type": "application/problem+json", "DPoP-Nonce": this.nonce };
      if (error.problem.retryAfter !== undefined) headers["Retry-After"] = String(error.problem.retryAfter);
      return new Response(JSON.stringify(error.problem), { status: error.problem.status, headers });
    }
  }

  private async token(call: Call): Promise<Response> {
    const headers = { "Content-Type": "application/json", "DPoP-Nonce": this.nonce };
    const { jwk, claims } = await readProof(call.headers.get("DPoP"));
    if (claims.nonce !== this.nonce) {
      return new Response(JSON.stringify({ error: "use_dpop_nonce" }), { status: 400, headers });
    }
    const refused = this.judgeGrant(new URLSearchParams(call.body));
    if (refused !== undefined) return new Response(JSON.stringify({ error: refused }), { status: 400, headers });
    const token = `token-${crypto.randomUUID()}`;
    this.tokens.set(token, await thumbprint(jwk));
    const answer = { access_token: token, token_type: "DPoP", expires_in: this.tokenLifeSeconds };
    return new Response(JSON.stringify(answer), { status: 200, headers });
  }

  private async authenticate(call: Call, again: boolean): Promise<string> {
    const token = /^DPoP (.+)$/.exec(call.headers.get("Authorization") ?? "")?.[1] ?? "";
    const { jwk, claims } = await readProof(call.headers.get("DPoP"));
    if (claims.nonce !== this.nonce) refuse(401, "use-dpop-nonce");
    if (claims.htm !== call.method || claims.htu !== this.url + call.path) refuse(401, "unauthenticated");
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
    if (claims.ath !== Buffer.from(digest).toString("base64url")) refuse(401, "unauthenticated");
    if (this.usedProofs.has(claims.jti) && !again) refuse(401, "unauthenticated");
    this.usedProofs.add(claims.jti);
    const client = this.tokens.get(token);
    if (client === undefined) refuse(401, "token-expired");
    if (client !== (await thumbprint(jwk))) refuse(401, "unauthenticated");
    return client;
  }

  private route(call: Call, client: string, signal: AbortSignal | undefined): Response {
    const extended = this.extension(call, client);
    if (extended !== undefined) return extended;
    const [, , , ...rest] = call.path.split("/");
    const path = rest.join("/");
    if (call.method === "POST" && path === "appends") return this.push(call, client);
    if (path === "events") {
      if (call.headers.get("Accept") === "text/event-stream") return this.stream(call, signal);
      return call.query.get("live") === "poll" ? this.poll(call, signal) : this.page(call);
    }
    if (path === "subscriptions") return this.giveTicket(call);
    if (path.startsWith("subscriptions/")) return this.useTicket(call, signal);
    if (path === "me") return this.json({ client, kind: "device", aggregates: [], head: this.log.head(client) });
    const [type, id, what] = rest;
    const aggregate = `${type}/${id}`;
    const version = this.log.version(aggregate);
    this.checkAgreement(call);
    const { position, id: log } = this.log;
    const head = { position, log, hash: this.log.hash(position) };
    if (!this.log.exists(aggregate)) refuse(404, "not-found", what === "state" ? head : {});
    if (what === "state") {
      return this.json({
        aggregate,
        version,
        ...head,
        registers: this.log.registers(aggregate),
        snapshot: this.log.snapshots.get(aggregate),
      });
    }
    if (what === "snapshot" && call.method === "PUT") return this.putSnapshot(call, aggregate, version);
    if (what === "events") return this.aggregatePage(call, aggregate, version);
    return refuse(404, "not-found");
  }

  private push(call: Call, client: string): Response {
    let body: { after?: { sequence: number; id: string } | null; appends: AppendIn[] };
    try {
      body = JSON.parse(call.body) as typeof body;
    } catch {
      return refuse(400, "bad-request", { pointer: "" });
    }
    const results = this.log.push(client, body.after, body.appends);
    return this.json({ results, head: this.log.head(client) });
  }

  private putSnapshot(call: Call, aggregate: string, current: number): Response {
    const [version, stored] = [Number(call.query.get("version")), this.log.snapshots.get(aggregate)];
    if (version > current) refuse(400, "bad-request", { parameter: "version" });
    if (version < this.log.firstVersion(aggregate) - 1) refuse(410, "gone");
    if (version <= (stored?.version ?? 0)) refuse(412, "version-conflict", { actual: stored!.version });
    const datacontenttype = call.headers.get("Content-Type")!;
    const content = datacontenttype.endsWith("json")
      ? { data: JSON.parse(call.body) as JsonValue }
      : { data_base64: Buffer.from(call.bytes).toString("base64") };
    this.log.snapshots.set(aggregate, { version, datacontenttype, ...content });
    return new Response(null, { status: 201, headers: { "DPoP-Nonce": this.nonce } });
  }

  private aggregatePage(call: Call, aggregate: string, version: number): Response {
    const firstVersion = this.log.firstVersion(aggregate);
    const after = Number(call.query.get("after") ?? firstVersion - 1);
    if (after < firstVersion - 1) refuse(410, "gone", { firstVersion });
    const to = Number(call.query.get("to") ?? version);
    const limit = Number(call.query.get("limit") ?? 100);
    const all = this.log.events.filter(
      event => event.aggregate === aggregate && event.version > after && event.version <= to,
    );
    const events = all.slice(0, limit);
    const next = all.length > limit ? events.at(-1)!.version : null;
    return this.json({ events, next, version, firstVersion });
  }

  private checkAgreement(call: Call): void {
    const [at, hash] = (call.query.get("check") ?? "").split(":");
    const log = call.query.get("log");
    const agrees = hash === undefined || (Number(at) <= this.log.position && this.log.hash(Number(at)) === hash);
    if (!agrees || (log ?? this.log.id) !== this.log.id) refuse(409, "log-diverged");
  }

  private checkMerged(call: Call): void {
    this.checkAgreement(call);
    if (Number(call.query.get("after") ?? 0) > this.log.position) refuse(409, "log-diverged");
  }

  private visible(call: Call, after: number): readonly RecordedEvent[] {
    const wanted = new Set(call.query.getAll("aggregate"));
    return this.log.events.slice(after).filter(event => wanted.size === 0 || wanted.has(event.aggregate));
  }

  private page(call: Call): Response {
    this.checkMerged(call);
    const limit = Number(call.query.get("limit") ?? 100);
    const all = this.visible(call, Number(call.query.get("after") ?? 0));
    let end = Math.min(limit, all.length);
    while (end > 0 && end < all.length && all[end]!.append === all[end - 1]!.append) end++;
    const events = all.slice(0, end);
    const next = end < all.length ? events.at(-1)!.position : null;
    const { position } = this.log;
    return this.json({ events, next, position, log: this.log.id, hash: this.log.hash(next ?? position) });
  }

  private async waitForEvent(call: Call, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>(resolve => {
      const look = () => {
        if (this.visible(call, Number(call.query.get("after") ?? 0)).length === 0) return;
        end();
      };
      const end = () => {
        this.log.changed.delete(look);
        this.streams.delete(end);
        resolve();
      };
      this.log.changed.add(look);
      this.streams.add(end);
      signal?.addEventListener("abort", end, { once: true });
      look();
    });
  }

  private poll(call: Call, signal: AbortSignal | undefined): Response {
    const body = new ReadableStream<Uint8Array>({
      start: async controller => {
        await this.waitForEvent(call, signal);
        try {
          const page = await this.page(call).text();
          controller.enqueue(new TextEncoder().encode(page));
          controller.close();
        } catch {
          // The reader has gone.
        }
      },
    });
    return new Response(body, { headers: { "Content-Type": "application/json", "DPoP-Nonce": this.nonce } });
  }

  private stream(call: Call, signal: AbortSignal | undefined): Response {
    this.checkMerged(call);
    let cursor = Number(call.query.get("after") ?? 0);
    const headers = { "Content-Type": "text/event-stream", "DPoP-Nonce": this.nonce };
    if (this.holdsStreamsBack) return new Response(new ReadableStream(), { headers });
    const encoder = new TextEncoder();
    let send = () => {};
    let end = () => {};
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        const cut = () => {
          end();
          try {
            controller.error(new TypeError("stream cut"));
          } catch {
            // It was ended already.
          }
        };
        end = () => {
          this.streams.delete(cut);
          this.writers.delete(write);
          this.log.changed.delete(send);
        };
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        this.writers.add(write);
        send = () => {
          const events = this.visible(call, cursor);
          const { position } = this.log;
          const block =
            events.length > 0
              ? `id: ${position}\ndata: ${JSON.stringify(events)}\n\n`
              : position > cursor
                ? `id: ${position}\n\n`
                : "";
          cursor = position;
          if (block !== "") controller.enqueue(encoder.encode(block));
        };
        send();
        const { position } = this.log;
        const agreed = JSON.stringify({ position, log: this.log.id, hash: this.log.hash(position) });
        controller.enqueue(encoder.encode(`event: caught-up\nid: ${position}\ndata: ${agreed}\n\n`));
        this.streams.add(cut);
        this.log.changed.add(send);
        signal?.addEventListener("abort", cut, { once: true });
      },
      cancel: () => end(),
    });
    return new Response(body, { headers });
  }

  private giveTicket(call: Call): Response {
    const { aggregates, ...query } = JSON.parse(call.body) as { aggregates: string[] };
    const wanted = [...Object.entries(query).map(String), ...aggregates.map(name => `aggregate,${name}`)];
    const url = `/v1/demo/subscriptions/${this.tickets.size + 1}`;
    this.tickets.set(url, new URLSearchParams(wanted.map(pair => pair.split(",") as [string, string])));
    return this.json({ url });
  }

  private useTicket(call: Call, signal: AbortSignal | undefined): Response {
    const query = this.tickets.get(call.path);
    if (query !== undefined && this.lateTickets-- <= 0) return this.stream({ ...call, query }, signal);
    return new Response(null, { status: 204, headers: { "DPoP-Nonce": this.nonce } });
  }

  private json(body: unknown): Response {
    const headers = { "Content-Type": "application/json", "DPoP-Nonce": this.nonce };
    return new Response(JSON.stringify(body), { headers });
  }
}

async function readProof(proof: string | null): Promise<{ jwk: PublicJwk; claims: Claims }> {
  const [header, payload, signature] = (proof ?? "").split(".");
  if (header === undefined || payload === undefined || signature === undefined) refuse(401, "unauthenticated");
  const { jwk, typ, alg } = JSON.parse(Buffer.from(header, "base64url").toString()) as {
    jwk: PublicJwk;
    typ: string;
    alg: string;
  };
  if (typ !== "dpop+jwt" || alg !== "ES256") refuse(401, "unauthenticated");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", { ...jwk }, algorithm, false, ["verify"]);
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  const good = await crypto.subtle.verify(algorithm, key, Buffer.from(signature, "base64url"), signed);
  if (!good) refuse(401, "unauthenticated");
  return { jwk, claims: JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims };
}

/** Lets the head of an answer and so many bytes of its body through. */
async function cutBody(response: Response, bytes: number): Promise<Response> {
  const whole = new Uint8Array(await response.arrayBuffer());
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(whole.slice(0, bytes));
      if (bytes < whole.length) controller.error(new TypeError("answer cut"));
      else controller.close();
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
