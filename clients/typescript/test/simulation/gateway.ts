/**
 * The gateway in front of an `OrgLog`, as PROTOCOL defines it: tokens, nonces and proofs, pushes, states, pages, the
 * merged log as Server-Sent Events and by long-poll, and refusals of the kinds that pass.
 */
import type { JsonValue } from "../../src/model.js";
import type { Answer } from "./answers.js";
import type { Chance } from "./chance.js";
import { OrgLog, Refused, refuse, type AppendIn } from "./org-log.js";
import { readProof } from "./proofs.js";
import type { Scheduler } from "./scheduler.js";
import { pageOf, Subscriptions, type Pipe, type Query } from "./subscriptions.js";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Query;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What it takes to answer: once, or with a pipe that bytes go through as they come. */
export interface Exchange {
  answer(answer: Answer): void;
  pipe(left: () => void): Pipe;
}

interface Token {
  readonly client: string;
  readonly until: number;
}

/** Refusals that pass: none of them settles anything but, perhaps, the last. */
const PASSING = [
  [503, "busy"],
  [429, "too-many-requests"],
  [500, "internal"],
  [507, "storage-full"],
  [503, "outcome-unknown"],
] as const;

const TOKEN_LIFE_MS = 600_000;

export class Gateway {
  log: OrgLog;
  /** The share of requests that are refused for a reason that passes. */
  trouble = 0;
  /** Clients that the org does not let in for now, and whether the token endpoint tells them. */
  readonly shutOut = new Map<string, "org" | "token">();
  private readonly tokens = new Map<string, Token>();
  private readonly usedProofs = new Set<string>();
  private generation = 1;
  private tickets = new Map<string, Query>();
  private readonly subscriptions: Subscriptions;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly chance: Chance,
  ) {
    this.log = new OrgLog("log-1");
    this.subscriptions = new Subscriptions(scheduler, chance, () => this.log);
  }

  /** What belongs to a running gateway is gone: nonce, tokens, tickets, streams. */
  restart(log = this.log): void {
    this.log = log;
    this.generation++;
    this.tokens.clear();
    this.usedProofs.clear();
    this.tickets.clear();
    this.subscriptions.cutAll();
  }

  cutStreams(): void {
    this.subscriptions.cutAll();
  }

  /** The log grew: who waits for that is told. */
  changed(): void {
    this.subscriptions.nudge();
  }

  handle(call: Call, exchange: Exchange): void {
    try {
      if (call.path === "/oauth/token") exchange.answer(this.token(call));
      else this.route(call, this.authenticate(call), exchange);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      exchange.answer(this.json(error.problem, error.problem.status));
    }
  }

  private token(call: Call): Answer {
    const { client, nonce } = readProof(call.headers.DPoP ?? "");
    if (nonce !== this.nonce) return this.json({ error: "use_dpop_nonce" }, 400);
    if (this.shutOut.get(client) === "token") return this.json({ error: "access_denied" }, 400);
    const token = `token-${this.generation}-${this.tokens.size}`;
    this.tokens.set(token, { client, until: this.scheduler.now + TOKEN_LIFE_MS });
    return this.json({ access_token: token, token_type: "DPoP", expires_in: TOKEN_LIFE_MS / 1000 });
  }

  private get nonce(): string {
    return `nonce-${this.generation}`;
  }

  private authenticate(call: Call): string {
    const { client, jti, nonce } = readProof(call.headers.DPoP ?? "");
    if (nonce !== this.nonce) refuse(401, "use-dpop-nonce");
    if (this.usedProofs.has(jti)) refuse(401, "unauthenticated");
    this.usedProofs.add(jti);
    const token = this.tokens.get((call.headers.Authorization ?? "").slice("DPoP ".length));
    if (token === undefined || token.client !== client) refuse(401, "unauthenticated");
    if (token.until < this.scheduler.now) refuse(401, "token-expired");
    if (this.shutOut.has(client)) refuse(403, "access-denied");
    return client;
  }

  private route(call: Call, client: string, exchange: Exchange): void {
    const path = call.path.replace("/v1/org/", "");
    if (this.chance.happens(this.trouble)) this.refuseInPassing(call, client, path);
    if (path === "appends") return exchange.answer(this.push(call, client));
    if (path === "events") return this.events(call, call.query, client, exchange);
    if (path === "subscriptions") return exchange.answer(this.giveTicket(call));
    if (path.startsWith("subscriptions/")) return this.useTicket(call, client, exchange);
    const [type, id, what] = path.split("/");
    exchange.answer(this.aggregate(`${type}/${id}`, what ?? "", call, client));
  }

  private refuseInPassing(call: Call, client: string, path: string): never {
    const [status, code] = this.chance.of(PASSING);
    if (code === "outcome-unknown" && path === "appends" && this.chance.happens(0.5)) this.push(call, client);
    refuse(status, code, { done: code === "outcome-unknown" ? "unknown" : "nothing" });
  }

  private push(call: Call, client: string): Answer {
    const body = JSON.parse(call.body) as { after: { sequence: number; id: string } | null; appends: AppendIn[] };
    const before = this.log.position;
    const results = this.log.push(client, body.after, body.appends);
    if (this.log.position > before) this.changed();
    return this.json({ results, head: this.log.head(client) });
  }

  private events(call: Call, query: Query, client: string, exchange: Exchange): void {
    this.checkAgreement(query);
    if (query.after > this.log.position) refuse(409, "log-diverged");
    if (call.headers.Accept === "text/event-stream") {
      const headers = { "content-type": "text/event-stream", "dpop-nonce": this.nonce };
      this.subscriptions.open(client, query, left => {
        const pipe = exchange.pipe(left);
        exchange.answer({ status: 200, headers, body: pipe.bytes });
        return pipe;
      });
      return;
    }
    const answer = () => exchange.answer(this.json(pageOf(this.log, client, query)));
    if (query.wait === undefined) answer();
    else this.subscriptions.wait(client, query, answer);
  }

  private checkAgreement(query: Query): void {
    const [position, hash] = (query.check ?? "").split(":");
    const differs =
      (hash !== undefined && this.log.hash(Number(position)) !== hash) ||
      (query.log !== undefined && query.log !== this.log.id);
    if (differs) refuse(409, "log-diverged");
  }

  private giveTicket(call: Call): Answer {
    const url = `/v1/org/subscriptions/${this.generation}-${this.tickets.size}`;
    this.tickets.set(url, JSON.parse(call.body) as Query);
    return this.json({ url }, 201);
  }

  private useTicket(call: Call, client: string, exchange: Exchange): void {
    const query = this.tickets.get(call.path);
    this.tickets.delete(call.path);
    if (query === undefined) exchange.answer({ status: 204, headers: { "dpop-nonce": this.nonce }, body: "" });
    else this.events(call, query, client, exchange);
  }

  private aggregate(name: string, what: string, call: Call, client: string): Answer {
    this.checkAgreement(call.query);
    const book = this.log.book(name);
    const { position, id: log } = this.log;
    const head = { position, log, hash: this.log.hash(position) };
    if (book === undefined || !book.exists || !this.log.allows(client, name)) {
      refuse(404, "not-found", what === "state" ? head : {});
    }
    const { version, firstVersion, snapshot } = book;
    if (what === "snapshot") return this.putSnapshot(name, Number(call.query.version), call.body);
    if (what === "state") {
      const registers = Object.fromEntries(this.log.registersAt(name, version));
      return this.json({ aggregate: name, version, ...head, registers, snapshot });
    }
    const { after, to = version, limit = 100 } = call.query;
    if (after < firstVersion - 1) refuse(410, "gone", { firstVersion });
    const all = book.events.slice(after, to);
    const events = all.slice(0, limit);
    return this.json({ events, next: all.length > limit ? events.at(-1)!.version : null, version, firstVersion });
  }

  private putSnapshot(name: string, version: number, body: string): Answer {
    const book = this.log.book(name)!;
    if (version > book.version) refuse(400, "bad-request");
    if (version < book.firstVersion - 1) refuse(410, "gone", { firstVersion: book.firstVersion });
    if (version <= (book.snapshot?.version ?? 0)) refuse(412, "version-conflict", { actual: book.snapshot!.version });
    book.snapshot = { version, data: JSON.parse(body) as JsonValue, datacontenttype: "application/json" };
    return this.json({}, 201);
  }

  private json(body: unknown, status = 200): Answer {
    const type = status < 400 ? "application/json" : "application/problem+json";
    const wait = status === 429 || status === 503 ? { "retry-after": "1" } : {};
    return {
      status,
      headers: { "content-type": type, "dpop-nonce": this.nonce, ...wait },
      body: JSON.stringify(body),
    };
  }
}
