/** Over the connections of Node itself, which it keeps for the next requests. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { REQUEST_TIMEOUT_MS, STREAM_SILENCE_MS } from "../../src/limits.js";
import { clientOf, painted, patiently, type TestClient } from "../support/client.js";
import { freezingForwarder, type FreezingForwarder } from "../support/freezing-forwarder.js";
import { modelServer, type ModelServer } from "../support/model-server.js";

let server: ModelServer;
let network: FreezingForwarder;

before(async () => {
  server = await modelServer();
  network = await freezingForwarder(Number(new URL(server.url).port));
});
after(async () => {
  network.close();
  await server.close();
});

function client(): Promise<TestClient> {
  return clientOf(server.gateway, {
    aggregates: ["canvas/b"],
    fetch: (url, init) => fetch(url.replace(server.url, network.url), init),
  });
}

test("what is pushed over a connection that died without a word is pushed again over another one", async () => {
  const { app, clock, until } = await client();
  await app.append(painted("b", "1,1", "red")).confirmed;
  await until(() => app.status.state === "live");
  const { connections } = network;
  network.freeze();
  app.append(painted("b", "2,2", "blue"));
  await patiently(() => network.lost > 0);
  clock.advance(REQUEST_TIMEOUT_MS + 1_000);
  await until(() => app.status.pending === 0 && app.status.state === "live");
  assert.ok(network.connections > connections);
  assert.equal(server.gateway.log.events.length, 2);
  await app.close();
});

test("a stream over a connection that died without a word is opened again over another one", async () => {
  const { app, clock, until } = await client();
  const view = await app.open("canvas/b");
  await until(() => app.status.state === "live");
  network.freeze();
  const other = await clientOf(server.gateway);
  await other.app.append(painted("b", "3,3", "green")).confirmed;
  clock.advance(STREAM_SILENCE_MS);
  await until(() => view.registers.has("3,3") && app.status.state === "live");
  assert.equal(server.gateway.calls.filter(({ query }) => query.has("live")).length, 0, "no stream was held back");
  for (const one of [app, other.app]) await one.close();
});
