/**
 * One device's way to the gateway, and everything that can happen on it: no network, a hole that swallows, a captive
 * portal, a proxy that holds streams back; and of single requests: lost, late, repeated, answers lost or cut at any
 * byte.
 */
import type { Fetch } from "../../src/protocol/transport.js";
import { Bytes, responseOf, type Answer, type Init } from "./answers.js";
import type { Chance } from "./chance.js";
import type { Call, Gateway } from "./gateway.js";
import type { Scheduler } from "./scheduler.js";
import type { Pipe, Query } from "./subscriptions.js";

export type Weather = "fair" | "down" | "hole" | "portal" | "held-back";

const ORIGIN = "http://gateway";
const FAULTS = ["lost", "swallowed", "answer-lost", "answer-swallowed", "cut", "twice", "late"] as const;
type Fault = (typeof FAULTS)[number] | undefined;

const encoder = new TextEncoder();

export class Link {
  weather: Weather = "fair";
  /** The share of requests of which something goes wrong. */
  loss = 0;
  private readonly cuts = new Set<() => void>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly chance: Chance,
    private readonly gateway: Gateway,
    private readonly gatewayIsUp: () => boolean,
  ) {}

  /** Every connection that is open breaks. */
  cut(): void {
    for (const cut of [...this.cuts]) cut();
  }

  /** The network as one process sees it: one that has ended hears nothing more. */
  fetchOf(alive: () => boolean): Fetch {
    return (url, init) =>
      new Promise<Response>((resolve, reject) => {
        const signal = init.signal;
        if (signal?.aborted) return reject(signal.reason as Error);
        signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        const back = (ms: number, run: () => void) => this.scheduler.in(ms, () => alive() && run());
        const broken = () => back(this.delay(), () => reject(new TypeError("connection reset")));
        if (this.weather === "hole") return;
        if (this.weather === "down" || !this.gatewayIsUp()) return void broken();
        if (this.weather === "portal") return void back(this.delay(), () => resolve(this.portal()));
        this.send(url, init, { resolve, broken, back, alive });
      });
  }

  private send(url: string, init: Init, caller: Caller): void {
    const fault: Fault = this.chance.happens(this.loss) ? this.chance.of(FAULTS) : undefined;
    if (fault === "lost") return void caller.broken();
    if (fault === "swallowed") return;
    const call = callOf(url, init);
    this.scheduler.in(this.delay(fault === "late"), () => {
      if (this.gatewayIsUp()) this.arrive(call, fault, caller);
      else caller.broken();
    });
  }

  private arrive(call: Call, fault: Fault, caller: Caller): void {
    const answers = (answer: Answer) => {
      if (fault === "answer-lost") return void caller.broken();
      if (fault === "answer-swallowed") return;
      caller.back(this.delay(), () => caller.resolve(responseOf(answer, body => this.cutAnswer(body, fault))));
    };
    let answered = false;
    const once = (answer: Answer) => {
      if (!answered) answers(answer);
      answered = true;
    };
    const pipe = (left: () => void) => this.pipe(left, fault, caller.alive);
    this.gateway.handle(call, { answer: once, pipe });
    if (fault !== "twice") return;
    const lost = { answer: () => undefined, pipe };
    this.scheduler.in(this.delay(this.chance.happens(0.5)), () => {
      if (this.gatewayIsUp()) this.gateway.handle(call, lost);
    });
  }

  private cutAnswer(body: string, fault: Fault): string | Error {
    if (fault !== "cut") return body;
    const kept = this.chance.below(body.length + 1);
    return kept === body.length || this.chance.happens(0.2) ? body.slice(0, kept) : new TypeError("answer cut");
  }

  private pipe(left: () => void, fault: Fault, alive: () => boolean): Pipe {
    const bytes = new Bytes(() => over());
    let open = true;
    /** What was swallowed once is not skipped: nothing comes behind it. */
    let silent = false;
    let arrival = 0;
    let budget = fault === "cut" ? this.chance.below(2_000) : Infinity;
    const over = () => {
      open = false;
      this.cuts.delete(cut);
      left();
    };
    const cut = () => {
      if (open) bytes.fail(new TypeError("connection reset"));
      over();
    };
    this.cuts.add(cut);
    const take = (chunk: Uint8Array) => {
      if (!alive()) return over();
      silent ||= this.weather === "hole" || this.weather === "held-back";
      if (!open || silent) return;
      budget -= chunk.length;
      if (budget >= 0) return bytes.push(chunk);
      bytes.push(chunk.slice(0, chunk.length + budget));
      cut();
    };
    const send = (text: string) => {
      const chunk = encoder.encode(text);
      const split = this.chance.happens(0.1) ? this.chance.below(chunk.length) : chunk.length;
      for (const part of [chunk.subarray(0, split), chunk.subarray(split)]) {
        if (part.length === 0) continue;
        arrival = Math.max(arrival, this.scheduler.now + this.delay());
        this.scheduler.in(arrival - this.scheduler.now, () => take(part));
      }
    };
    return { bytes, send, cut };
  }

  private delay(late = false): number {
    return late ? this.chance.between(1_000, 40_000) : this.chance.between(1, 30);
  }

  private portal(): Response {
    const status = this.chance.of([200, 200, 302, 403, 511]);
    const headers = { "content-type": "text/html" };
    return responseOf({ status, headers, body: "<title>Welcome</title>" }, body => body);
  }
}

interface Caller {
  readonly resolve: (response: Response) => void;
  readonly broken: () => unknown;
  readonly back: (ms: number, run: () => void) => unknown;
  readonly alive: () => boolean;
}

function callOf(url: string, init: Init): Call {
  const [path, search = ""] = url.slice(ORIGIN.length).split("?");
  return {
    method: init.method ?? "GET",
    path: path!,
    query: queryOf(search),
    headers: init.headers as Record<string, string>,
    body: typeof init.body === "string" ? init.body : "",
  };
}

function queryOf(search: string): Query {
  const query: Record<string, string | number | string[]> = { after: 0 };
  const aggregates: string[] = [];
  for (const part of search.split("&")) {
    const [name, text = ""] = part.split("=");
    const value = decodeURIComponent(text);
    if (name === "aggregate") aggregates.push(value);
    else query[name!] = name === "log" || name === "check" || name === "live" ? value : Number(value);
  }
  return { ...query, aggregates } as unknown as Query;
}
