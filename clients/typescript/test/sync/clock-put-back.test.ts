import { test } from "node:test";
import { BACKOFF_FIRST_MS, POLL_FALLBACK_MS, POLL_PAUSE_MS, STREAM_FIRST_BYTES_MS } from "../../src/limits.js";
import type { Fetch } from "../../src/protocol/transport.js";
import { clientOf, painted, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

const DAY_MS = 24 * 3_600_000;

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
}

test("a client whose clock is put back by a day waits no longer for its next try", async () => {
  const gateway = new ModelGateway();
  let answerPush = () => {};
  let isPushed = false;
  const fetch: Fetch = async (url, init) => {
    if (!String(init.body).includes("mine")) return await gateway.fetch(url, init);
    isPushed = true;
    await new Promise<void>(resolve => (answerPush = resolve));
    return await gateway.fetch(url, init);
  };
  const { app, clock } = await clientOf(gateway, { fetch, aggregates: ["canvas/b"] });
  await patiently(() => app.status.state === "live");
  app.append(painted("b", "1,1", "mine"));
  await patiently(() => isPushed);
  gateway.cutStreams();
  await patiently(() => app.status.state === "backing-off");
  // It waits for the answer to the push first.
  clock.isPutBack(DAY_MS);
  answerPush();
  await patiently(() => app.status.pending === 0);
  await turns();
  clock.advance(BACKOFF_FIRST_MS);
  await patiently(() => app.status.state !== "backing-off");
  await app.close();
});

test("a client that reads by long-poll, and whose clock is put back by a day, tries a stream no later", async () => {
  const gateway = new ModelGateway();
  gateway.holdsStreamsBack = true;
  const { app, clock } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const streams = () => gateway.calls.filter(call => call.headers.get("Accept") === "text/event-stream").length;
  await patiently(() => streams() === 1);
  await turns();
  clock.advance(STREAM_FIRST_BYTES_MS);
  await patiently(() => app.status.state === "live");
  clock.isPutBack(DAY_MS);
  gateway.holdsStreamsBack = false;
  for (let passed = 0; passed < POLL_FALLBACK_MS; passed += POLL_PAUSE_MS * 10) {
    await app.append(painted("b", "1,1", "red")).confirmed;
    await turns();
    clock.advance(POLL_PAUSE_MS * 10);
  }
  await patiently(() => streams() >= 2);
  await app.close();
});
