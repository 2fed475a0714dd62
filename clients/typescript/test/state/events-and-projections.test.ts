import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { fileBuffer } from "../../src/buffer/file.js";
import { indexedDbBuffer } from "../../src/buffer/indexeddb.js";
import { clientOf } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const added = (n: number) => ({ aggregate: "counter/c", type: "added", data: n });
const SUM = { initial: 0, apply: (sum: number, event: { data?: unknown }) => sum + (event.data as number) };

test("a projection is the fold of what is confirmed with what is pending on top, each counted once", async () => {
  const gateway = new ModelGateway();
  const other = await clientOf(gateway);
  await other.app.append([added(1), added(2)]).confirmed;
  const { app, until } = await clientOf(gateway, { aggregates: ["counter/c"] });
  const view = await app.open("counter/c");
  const sum = view.project(SUM);
  const shown: number[] = [];
  sum.subscribe(() => shown.push(sum.state));
  await until(() => sum.state === 3);
  app.goOffline();
  app.append(added(10));
  app.append(added(20));
  assert.equal(sum.state, 33);
  await other.app.append(added(100)).confirmed;
  app.goOnline();
  await until(() => view.version === 5 && sum.state === 133);
  assert.ok(
    shown.every(value => [0, 3, 13, 33, 133].includes(value)),
    `never counted twice: ${shown.join()}`,
  );
  await app.close();
  await other.app.close();
});

test("events come from the first one on, in order, then live; after a restart they are there offline", async () => {
  const gateway = new ModelGateway();
  const path = join(await temporaryFolder("events"), "buffer");
  const writer = await clientOf(gateway);
  for (let n = 1; n <= 1200; n++) writer.app.append(added(n));
  await writer.app.whenSettled();
  const first = await clientOf(gateway, { buffer: fileBuffer(path), aggregates: ["counter/c"] });
  const view = await first.app.open("counter/c");
  const seen: unknown[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const event of view.events({ signal: stop.signal })) seen.push(event.data);
  })();
  await first.until(() => seen.length === 1200);
  await writer.app.append(added(1201)).confirmed;
  await first.until(() => seen.length === 1201);
  assert.deepEqual(
    seen,
    Array.from({ length: 1201 }, (_, n) => n + 1),
  );
  stop.abort();
  await reading;
  await first.app.close();
  await writer.app.append(added(1202)).confirmed;

  const second = await clientOf(gateway, { buffer: fileBuffer(path), online: false });
  const again = await second.app.open("counter/c");
  const sum = again.project(SUM);
  await sum.ready;
  assert.equal(sum.state, (1201 * 1202) / 2);
  second.app.goOnline();
  await second.until(() => sum.state === (1202 * 1203) / 2);
  const pages = gateway.callsTo("/counter/c/events", "GET");
  assert.ok(pages.length <= 3, "the history was not read again");
  const late: unknown[] = [];
  for await (const event of again.events({ after: 1200 })) {
    late.push(event.data);
    if (late.length === 2) break;
  }
  assert.deepEqual(late, [1201, 1202]);
  await second.app.close();
  await writer.app.close();
});

test("readEvents pages through an aggregate that is not open", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway);
  for (let n = 1; n <= 2500; n++) app.append(added(n));
  await app.whenSettled();
  const versions: number[] = [];
  for await (const event of app.readEvents("counter/c", { after: 10 })) versions.push(event.version);
  assert.deepEqual(
    versions,
    Array.from({ length: 2490 }, (_, n) => n + 11),
  );
  await app.close();
});

test("an append that expects a version is made only at that version", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway);
  const { versions } = await app.appendExpecting(added(1), { "counter/c": 0 });
  assert.deepEqual(versions, { "counter/c": 1 });
  await assert.rejects(app.appendExpecting(added(2), { "counter/c": 0 }), /version-conflict/);
  await app.close();
});

test("who is closed while events are read and folded ends both, and leaves no rejection", async () => {
  const rejections: unknown[] = [];
  const hear = (reason: unknown) => rejections.push(reason);
  process.on("unhandledRejection", hear);
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  for (let n = 0; n < 3; n++) await writer.app.append(Array.from({ length: 1_000 }, () => added(1))).confirmed;
  await writer.app.close();
  const buffer = indexedDbBuffer("folding", new IDBFactory());
  const { app, until } = await clientOf(gateway, { buffer, aggregates: ["counter/c"] });
  const view = await app.open("counter/c");
  const first = view.project(SUM);
  await until(() => first.state === 3_000);
  first.close();
  const second = view.project(SUM);
  const read: unknown[] = [];
  const reading = (async () => {
    for await (const event of view.events()) read.push(event.version);
  })();
  await app.close();
  await reading;
  for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve));
  process.off("unhandledRejection", hear);
  assert.deepEqual(rejections, []);
  assert.ok(second.state < 3_000 && read.length < 3_000);
});
