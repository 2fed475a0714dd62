import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf, painted, pushesTo } from "../support/client.js";
import { ModelGateway, type Fault } from "../support/model-gateway.js";

async function appendsTenWith(fault: (push: number) => Fault | undefined): Promise<ModelGateway> {
  const gateway = new ModelGateway();
  let pushes = 0;
  gateway.fault = call => (call.path.endsWith("/appends") ? fault(pushes++) : undefined);
  const { app, until } = await clientOf(gateway, { online: false });
  const view = await app.open("canvas/b");
  for (let n = 0; n < 10; n++) app.append(painted("b", `${n},0`, `c${n}`));
  app.goOnline();
  await until(() => app.status.pending === 0 && view.version === 10);
  assert.deepEqual(
    gateway.log.events.map(event => event.data),
    Array.from({ length: 10 }, (_, n) => `c${n}`),
  );
  assert.equal([...view.registers.values()].filter(value => value.pending).length, 0);
  await app.close();
  return gateway;
}

test("a push whose answer is cut off at any byte is sent again and lands once", async () => {
  const whole = await appendsTenWith(() => undefined);
  assert.equal(pushesTo(whole).length, 1);
  for (let bytes = 0; bytes < 1_200; bytes += 37) {
    const gateway = await appendsTenWith(push => (push === 0 ? { kind: "cut", bytes } : undefined));
    const [first, second] = pushesTo(gateway);
    // Fewer at a time: what is sent again is the beginning of the very same request.
    assert.ok(first!.body.startsWith(second!.body.slice(0, -"]}".length)));
  }
});

test("a push that is lost on its way is sent again", async () => {
  await appendsTenWith(push => (push < 3 ? { kind: "request-lost" } : undefined));
});

test("a push that the gateway committed before the connection broke lands once", async () => {
  await appendsTenWith(push => (push < 3 ? { kind: "answer-lost" } : undefined));
});

test("a push that arrives twice lands once", async () => {
  await appendsTenWith(push => (push === 0 ? { kind: "twice" } : undefined));
});

test("what is too long for a slow network goes in fewer parts at a time", async () => {
  const gateway = new ModelGateway();
  gateway.fault = ({ body }) => (body.length > 5_000 ? { kind: "request-lost" } : undefined);
  const { app, until } = await clientOf(gateway, { online: false });
  for (let n = 0; n < 100; n++) app.append(painted("b", `${n},0`, "x".repeat(500)));
  app.goOnline();
  await until(() => app.status.pending === 0);
  assert.deepEqual(
    gateway.log.events.map(({ sequence }) => sequence),
    Array.from({ length: 100 }, (_, n) => n + 1),
  );
  await app.close();
});

test("a captive portal's page is no answer", async () => {
  const portal = () => new Response("<html>Please log in</html>", { headers: { "Content-Type": "text/html" } });
  await appendsTenWith(push => (push < 2 ? { kind: "answer", response: portal } : undefined));
});

test("an answer about other appends than those pushed settles nothing", async () => {
  const wrong = () =>
    new Response(
      JSON.stringify({
        results: Array.from({ length: 10 }, (_, n) => ({ id: `x${n}`, sequence: n + 1, status: "appended" })),
        head: null,
      }),
      { headers: { "Content-Type": "application/json" } },
    );
  await appendsTenWith(push => (push === 0 ? { kind: "answer", response: wrong } : undefined));
});

test("a gateway that is busy is asked again after the time that it names", async () => {
  const gateway = new ModelGateway();
  let pushes = 0;
  const problem = { code: "busy", status: 503, done: "nothing" };
  const busy = () =>
    new Response(JSON.stringify(problem), {
      status: 503,
      headers: { "Content-Type": "application/problem+json", "Retry-After": "20" },
    });
  gateway.fault = call =>
    call.path.endsWith("/appends") && pushes++ === 0 ? { kind: "answer", response: busy } : undefined;
  const { app, clock, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  await until(() => app.status.state === "live");
  app.append(painted("b", "1,1", "red"));
  await new Promise<void>(resolve => app.onStatus(({ state }) => state === "backing-off" && resolve()));
  assert.equal(app.status.reason, "busy");
  // It waits once what it was doing has ended.
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  clock.advance(19_000);
  assert.equal(app.status.state, "backing-off");
  clock.advance(1_001);
  await app.whenSettled();
  await app.close();
});

test("a stream that is cut resumes where it was, without a gap or a repeat", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  const reader = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await reader.app.open("canvas/b");
  const seen: number[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const event of view.events({ signal: stop.signal })) seen.push(event.version);
  })();
  for (let n = 0; n < 12; n++) {
    await writer.app.append(painted("b", `${n},0`, "red")).confirmed;
    if (n % 3 === 2) gateway.cutStreams();
    await reader.until(() => reader.app.status.state === "live");
  }
  await reader.until(() => seen.length === 12);
  assert.deepEqual(
    seen,
    Array.from({ length: 12 }, (_, n) => n + 1),
  );
  stop.abort();
  await reading;
  await writer.app.close();
  await reader.app.close();
});
