import assert from "node:assert/strict";
import { test } from "node:test";
import {
  POLL_FALLBACK_MS,
  POLL_PAUSE_MS,
  POLL_WAIT_SECONDS,
  REQUEST_TIMEOUT_MS,
  STREAM_FIRST_BYTES_MS,
} from "../../src/limits.js";
import { clientOf, painted, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

const isPoll = (gateway: ModelGateway) => gateway.calls.filter(call => call.query.get("live") === "poll");

test("where a proxy holds the stream back, the client reads by long-poll, and tries the stream later", async () => {
  const gateway = new ModelGateway();
  gateway.holdsStreamsBack = true;
  const writer = await clientOf(gateway);
  await writer.app.append(painted("b", "1,1", "red")).confirmed;
  const reader = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await reader.app.open("canvas/b");
  const streams = () => gateway.calls.filter(call => call.headers.get("Accept") === "text/event-stream").length;
  await reader.until(() => streams() === 1);
  await patiently(
    () => reader.app.status.state === "live",
    () => {
      // Not once it polls: the time to try a stream again would come.
      if (reader.app["follower"]["pollsSince"] < 0) reader.clock.advance(STREAM_FIRST_BYTES_MS / 10);
    },
  );
  assert.equal(view.registers.get("1,1")?.data, "red");
  reader.clock.advance(POLL_PAUSE_MS);
  await reader.until(() => isPoll(gateway).length === 1);
  for (let n = 2; n < 6; n++) {
    await writer.app.append(painted("b", `${n},0`, "blue")).confirmed;
    await reader.until(() => view.version === n);
  }
  assert.equal(streams(), 1, "no stream is tried meanwhile");

  gateway.holdsStreamsBack = false;
  reader.clock.advance(POLL_FALLBACK_MS);
  await writer.app.append(painted("b", "9,9", "green")).confirmed;
  await reader.until(() => streams() >= 2 && reader.app.status.state === "live");
  assert.equal(view.registers.get("9,9")?.data, "green");
  await writer.app.close();
  await reader.app.close();
});

test("a long-poll ends before its request is given up", () => {
  assert.ok(POLL_WAIT_SECONDS * 1000 < REQUEST_TIMEOUT_MS);
});
