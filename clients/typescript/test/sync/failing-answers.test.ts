import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../../src/connect.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import type { Keys } from "../../src/protocol/device-key.js";
import type { Fetch } from "../../src/protocol/transport.js";
import { painted } from "../support/client.js";
import { conformance } from "../support/conformance.js";
import { TestClock } from "../support/test-clock.js";

type Kind = "push" | "head" | "state" | "stream" | "poll" | "log" | "token";

interface Case {
  readonly name: string;
  readonly to: Kind | "any";
  readonly over?: number;
  readonly streams?: "live" | "held" | "cut";
  readonly answer?: { readonly status: number; readonly headers: Record<string, string>; readonly body: string };
  readonly requests: number;
  readonly ends: { readonly state: string; readonly pending: number; readonly rejected: readonly string[] };
}

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
    if (answer !== undefined && (to === kind || to === "any") && ((init.body as string) ?? "").length >= over) {
      return new Response(answer.body, answer);
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

/** A minute of the client's clock, in steps, each with as many turns as a few requests take. */
async function minute(clock: TestClock): Promise<void> {
  for (let tenth = 0; tenth < 600; tenth++) {
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
    await minute(clock);
    const count = one.to === "any" ? [...asked.values()].reduce((sum, n) => sum + n) : (asked.get(one.to) ?? 0);
    const { state, pending } = app.status;
    const rejected = (await app.rejected()).map(({ problem }) => problem.code);
    await app.close();
    assert.ok(count > 0 && count <= one.requests, `${count} requests: ${JSON.stringify([...asked])}`);
    assert.deepEqual({ state, pending, rejected }, one.ends);
  });
}
