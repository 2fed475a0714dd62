import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

function problem(status: number, code: string): () => Response {
  return () =>
    new Response(JSON.stringify({ code, status, done: "nothing" }), {
      status,
      headers: { "Content-Type": "application/problem+json" },
    });
}

test("a token that expires costs nothing: it is renewed and the request is sent again", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway);
  await app.append(painted("b", "1,1", "red")).confirmed;
  gateway.dropTokens();
  await app.append(painted("b", "2,2", "red")).confirmed;
  assert.equal(app.status.state, "live");
  await app.close();
});

test("a token is renewed before its time is over", async () => {
  const gateway = new ModelGateway();
  gateway.tokenLifeSeconds = 10;
  const { app, clock } = await clientOf(gateway);
  await app.append(painted("b", "1,1", "red")).confirmed;
  const before = gateway.callsTo("/oauth/token").length;
  clock.advance(8_500);
  await app.append(painted("b", "2,2", "red")).confirmed;
  assert.equal(gateway.callsTo("/oauth/token").length, before + 1);
  await app.close();
});

test("a restart of the gateway makes nonce and proofs stale, and costs nothing", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway);
  await app.append(painted("b", "1,1", "red")).confirmed;
  gateway.restart();
  gateway.dropTokens();
  await app.append(painted("b", "2,2", "red")).confirmed;
  assert.equal(gateway.log.events.length, 2);
  await app.close();
});

test("a client that is not let in keeps everything, says so, and goes on when it is", async () => {
  const gateway = new ModelGateway();
  gateway.fault = () => ({ kind: "answer", response: problem(403, "access-denied") });
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  app.append(painted("b", "1,1", "red"));
  await until(() => app.status.state === "needs-auth");
  assert.equal(app.status.reason, "access-denied");
  assert.equal(app.status.pending, 1);
  assert.equal(app.status.rejected, 0);
  const calls = gateway.calls.length;
  app.networkIsBack();
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(gateway.calls.length, calls, "it does not knock again by itself");
  gateway.fault = () => undefined;
  app.authorized();
  await app.whenSettled();
  assert.equal(gateway.log.events.length, 1);
  await app.close();
});

test("a gateway that refuses this version of the client ends syncing and keeps everything", async () => {
  const gateway = new ModelGateway();
  gateway.fault = () => ({ kind: "answer", response: problem(426, "upgrade-required") });
  const { app, until } = await clientOf(gateway);
  app.append(painted("b", "1,1", "red"));
  await until(() => app.status.state === "upgrade-required");
  app.goOnline();
  assert.equal(app.status.state, "upgrade-required");
  assert.equal(app.status.pending, 1);
  await app.close();
});
