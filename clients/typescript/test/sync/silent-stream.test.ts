import assert from "node:assert/strict";
import { test } from "node:test";
import { STREAM_SILENCE_MS } from "../../src/limits.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

test("a stream that falls silent is left and opened again", async () => {
  const gateway = new ModelGateway();
  const { app, clock, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await app.open("canvas/b");
  await until(() => app.status.state === "live");
  const streams = () => gateway.calls.filter(call => call.headers.get("Accept") === "text/event-stream").length;
  assert.equal(streams(), 1);
  gateway.muteStreams();
  const writer = await clientOf(gateway);
  await writer.app.append(painted("b", "1,1", "red")).confirmed;
  assert.equal(view.version, 0, "the connection lives and nothing passes");
  clock.advance(STREAM_SILENCE_MS);
  await until(() => view.version === 1 && app.status.state === "live");
  assert.equal(streams(), 2);
  await app.close();
  await writer.app.close();
});
