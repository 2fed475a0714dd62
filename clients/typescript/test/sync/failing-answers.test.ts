import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../../src/connect.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import { MAX_STREAM_BLOCK_LENGTH } from "../../src/limits.js";
import type { Keys } from "../../src/protocol/device-key.js";
import type { Fetch } from "../../src/protocol/transport.js";
import { painted } from "../support/client.js";
import { conformance } from "../support/conformance.js";
import { TestClock } from "../support/test-clock.js";

type Kind = "push" | "head" | "state" | "stream" | "poll" | "log" | "token";

interface Case {
  readonly name: string;
  readonly to: Kind | "any" | "appends";
  readonly minutes?: number;
  readonly over?: number;
  readonly streams?: "live" | "held" | "cut" | "endless";
  readonly answer?: { readonly status: number; readonly headers: Record<string, string>; readonly body: string };
  readonly requests: number;
  readonly others?: Readonly<Partial<Record<Kind, number>>>;
  readonly ends: Readonly<{ state: string; reason?: string; pending: number; rejected: readonly string[] }>;
}

/** The beginning of a message that is longer than any. */
const TOO_LONG = new TextEncoder().encode("x".repeat(MAX_STREAM_BLOCK_LENGTH + 1));

/** Keys that cost nothing: it is all about what is asked, not about who asks. */
let keysMade = 0;
const keys: Keys = {
  create: () => {
    const x = `key-${++keysMade}`;
    return Promise.resolve({ clientId: x, publicJwk: { kty: "EC", crv: "P-256", x, y: x }, privateKey: {} });
  },
  sign: () => Promise.resolve(new Uint8Array(64)),
  sha256: () => Promise.resolve(new Uint8Array(32)),
};

function kindOf(url: string, init: RequestInit): Kind {
  const { pathname, searchParams } = new URL(url);
  if (pathname === "/oauth/token") return "token";
  if (pathname.endsWith("/appends")) return (init.body as string).endsWith('"appends":[]}') ? "head" : "push";
  if (pathname.endsWith("/state")) return "state";
  if ((init.headers as Record<string, string>).Accept === "text/event-stream") return "stream";
  return searchParams.get("live") === "poll" ? "poll" : "log";
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

function isMeant(to: Case["to"], kind: Kind): boolean {
  return to === "any" || to === kind || (to === "appends" && (kind === "push" || kind === "head"));
}

/** An empty log behind its gateway, but for what a case says; pushes are taken and not kept. */
function gatewayOf({ to, over = 0, streams = "live", answer }: Case, asked: Map<Kind, number>): Fetch {
  let head: { sequence: number; id: string; position: number } | null = null;
  const end = () => ({ position: head?.position ?? 0, log: "a-log", hash: `hash-${head?.position ?? 0}` });
  const stream = (signal: AbortSignal) => {
    const { position } = end();
    const caughtUp = `event: caught-up\nid: ${position}\ndata: ${JSON.stringify(end())}\n\n`;
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        controller.enqueue(new TextEncoder().encode(caughtUp));
        if (streams === "endless") controller.enqueue(TOO_LONG);
        if (streams === "cut") controller.close();
        else signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  };
  return async (url, init) => {
    const kind = kindOf(url, init);
    const signal = init.signal!;
    asked.set(kind, (asked.get(kind) ?? 0) + 1);
    if (answer !== undefined && isMeant(to, kind) && ((init.body as string) ?? "").length >= over) {
      const [id = ""] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(String(init.body)) ?? [];
      return new Response(answer.body.replace("{id}", id), answer);
    }
    if (kind === "stream" && streams === "held") {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    }
    if (kind === "stream") return stream(signal);
    if (kind === "token") return json({ access_token: "a-token", expires_in: 600 });
    if (kind === "state") return json({ code: "not-found", status: 404, ...end() }, 404);
    if (kind === "poll" || kind === "log") return json({ events: [], next: null, ...end() });
    const { appends } = JSON.parse(init.body as string) as { appends: { id: string; sequence: number; void?: true }[] };
    const results = appends.map(({ id, sequence, void: isVoid }) => {
      const position: number = (head?.position ?? 0) + (isVoid ? 0 : 1);
      head = { sequence, id, position };
      const settled = isVoid ? { status: "rejected" } : { status: "appended", positions: [position, position] };
      return { id, sequence, versions: {}, ...settled };
    });
    return json({ results, head });
  };
}

/** So many minutes of the client's clock, in steps, each with as many turns as a few requests take. */
async function passes(minutes: number, clock: TestClock): Promise<void> {
  for (let tenth = 0; tenth < minutes * 600; tenth++) {
    for (let turn = 0; turn < 25; turn++) await new Promise(resolve => setImmediate(resolve));
    clock.advance(100);
  }
}

const { cases } = await conformance<{ cases: readonly Case[] }>("client/failing-answers.json");

for (const one of cases) {
  test(`while answers fail: ${one.name}`, async () => {
    const asked = new Map<Kind, number>();
    const clock = new TestClock();
    const app = await connect({
      url: "http://gateway.test",
      org: "demo",
      buffer: memoryBuffer(),
      aggregates: ["canvas/b"],
      fetch: gatewayOf(one, asked),
      clock,
      keys,
    });
    app.append(painted("b", "1,1", "x".repeat(1_000)));
    await passes(one.minutes ?? 1, clock);
    const count = [...asked].reduce((sum, [kind, times]) => sum + (isMeant(one.to, kind) ? times : 0), 0);
    const { state, reason, pending } = app.status;
    const rejected = (await app.rejected()).map(({ problem }) => problem.code);
    await app.close();
    assert.ok(count > 0 && count <= one.requests, `${count} requests: ${JSON.stringify([...asked])}`);
    for (const [kind, times] of Object.entries(one.others ?? {})) assert.equal(asked.get(kind as Kind), times, kind);
    assert.deepEqual(
      { state, reason: one.ends.reason && reason, pending, rejected },
      { reason: undefined, ...one.ends },
    );
  });
}
