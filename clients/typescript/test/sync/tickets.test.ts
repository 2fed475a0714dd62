import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_STREAM_URL_LENGTH } from "../../src/limits.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

const BOARDS = Array.from({ length: 200 }, (_, n) => `canvas/${"board".repeat(4)}-${n}`);

test("a filter that makes a long address goes by a ticket, and the stream is the same", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  await writer.app.append({ ...painted("b", "0,0", "red"), aggregate: "canvas/other" }).confirmed;
  const { app, until } = await clientOf(gateway, { aggregates: BOARDS });
  await app.whenLive();
  const [ticket] = gateway.callsTo("/subscriptions");
  const { after, aggregates } = JSON.parse(ticket!.body) as { after: number; aggregates: string[] };
  assert.deepEqual([after, aggregates], [1, BOARDS]);
  await writer.app.append({ ...painted("b", "1,1", "red"), aggregate: BOARDS[150]! }).confirmed;
  const view = await app.open(BOARDS[150]!);
  await until(() => view.registers.size === 1);
  assert.equal(gateway.callsTo("/subscriptions").length, 1);
  const longest = Math.max(...gateway.calls.map(call => `${call.path}?${String(call.query)}`.length));
  assert.ok(longest <= MAX_STREAM_URL_LENGTH, `${longest}`);
  await app.close();
  await writer.app.close();
});

test("a ticket that came too late gives no stream: another is asked for", async () => {
  const gateway = new ModelGateway();
  gateway.lateTickets = 1;
  const { app, until } = await clientOf(gateway, { aggregates: BOARDS });
  await until(() => app.status.state === "live");
  assert.equal(gateway.callsTo("/subscriptions").length, 2);
  await app.close();
});
