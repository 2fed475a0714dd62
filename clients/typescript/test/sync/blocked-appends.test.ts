/** Somebody on the way who looks into what is pushed, and answers some of it with a page of his own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BLOCKED_TIMES } from "../../src/limits.js";
import type { Fetch } from "../../src/protocol/transport.js";
import { clientOf, painted, pushesTo } from "../support/client.js";
import { ModelGateway, type Call } from "../support/model-gateway.js";

const forbidden = () =>
  new Response("<html>Forbidden</html>", { status: 403, headers: { "Content-Type": "text/html" } });

function blocking(isMeant: (call: Call) => boolean): ModelGateway {
  const gateway = new ModelGateway();
  gateway.fault = call => (isMeant(call) ? { kind: "answer", response: forbidden } : undefined);
  return gateway;
}

test("what is forbidden on its way is found among many, listed, and may be sent again; the others land", async () => {
  const gateway = blocking(({ body }) => body.includes("poison"));
  const { app, until } = await clientOf(gateway, { online: false });
  for (let n = 0; n < 20; n++) app.append(painted("b", `${n},0`, n === 13 ? "poison" : `c${n}`));
  app.goOnline();
  await until(() => app.status.pending === 0);
  assert.deepEqual(
    gateway.log.events.map(({ sequence }) => sequence),
    Array.from({ length: 20 }, (_, n) => n + 1).filter(sequence => sequence !== 14),
  );
  const [rejected, ...more] = await app.rejected();
  assert.deepEqual([rejected?.sequence, rejected?.problem.code, more], [14, "blocked", []]);
  assert.equal(rejected?.events[0]?.data, "poison");
  gateway.fault = () => undefined;
  await app.retryRejected(rejected!.id).confirmed;
  assert.equal(gateway.log.events.at(-1)?.data, "poison");
  await app.close();
});

test("what is in the log, though its answers are forbidden, is confirmed and not doubled", async () => {
  const gateway = new ModelGateway();
  const fetch: Fetch = async (url, init) => {
    const answer = await gateway.fetch(url, init);
    return answer.ok && String(init.body).includes("poison") ? forbidden() : answer;
  };
  const { app, until } = await clientOf(gateway, { fetch });
  const { confirmed } = app.append(painted("b", "1,0", "poison"));
  await until(() => app.status.pending === 0);
  assert.deepEqual((await confirmed).positions, [1, 1]);
  assert.deepEqual([gateway.log.events.length, app.status.rejected], [1, 0]);
  await app.close();
});

test("where one after the other is forbidden, each is waited for twice as long, until one is let through", async () => {
  const gateway = blocking(({ body }) => /poison/.test(body));
  const { app, until } = await clientOf(gateway);
  const pushes = async (data: string) => {
    const before = pushesTo(gateway).length;
    app.append(painted("b", "1,0", data));
    await until(() => app.status.pending === 0);
    // The last one was of nothing, to settle the number.
    return pushesTo(gateway).length - before - 1;
  };
  assert.deepEqual(
    [await pushes("poison"), await pushes("poison"), await pushes("poison")],
    [BLOCKED_TIMES, BLOCKED_TIMES, 2 * BLOCKED_TIMES],
  );
  await app.append(painted("b", "1,0", "red")).confirmed;
  assert.equal(await pushes("poison"), BLOCKED_TIMES);
  await app.close();
});

test("what a server in trouble answers is minded for nothing that it was sent, however often it does", async () => {
  const gateway = new ModelGateway();
  const response = () => new Response("<html>Bad Gateway", { status: 502, headers: { "Content-Type": "text/html" } });
  gateway.fault = ({ body }) => (body.includes("poison") ? { kind: "answer", response } : undefined);
  const { app, until } = await clientOf(gateway);
  const { confirmed } = app.append(painted("b", "1,0", "poison"));
  await until(() => pushesTo(gateway).length > 2 * BLOCKED_TIMES);
  assert.deepEqual([app.status.pending, app.status.rejected], [1, 0]);
  gateway.fault = () => undefined;
  await until(() => app.status.pending === 0);
  await confirmed;
  await app.close();
});

test("a captive portal that lets nothing through takes nothing from the queue, however long it is there", async () => {
  const gateway = blocking(({ method }) => method === "POST");
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  app.append(painted("b", "1,0", "red"));
  await until(() => pushesTo(gateway).length > 5 * BLOCKED_TIMES);
  assert.deepEqual([app.status.pending, app.status.rejected], [1, 0]);
  assert.equal(app.status.reason, "status 403, not the gateway's");
  gateway.fault = () => undefined;
  await until(() => app.status.pending === 0);
  assert.equal(gateway.log.events.length, 1);
  await app.close();
});
