import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { fileBuffer } from "../../src/buffer/file.js";
import { indexedDbBuffer } from "../../src/buffer/indexeddb.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import { a256gcm } from "../../src/encryption.js";
import type { Snapshot } from "../../src/model.js";
import { NoAnswerError } from "../../src/protocol/errors.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const added = (n: number) => ({ aggregate: "counter/c", type: "added", data: n });
const SUM = { initial: 0, apply: (sum: number, event: { data?: unknown }) => sum + Number(event.data) };
const FROM = { ...SUM, fromSnapshot: (snapshot: Snapshot) => snapshot.data as number };

/** A counter to which 1, 2, … `count` were added, with a snapshot at `at`. */
async function counter(gateway: ModelGateway, count: number, at: number): Promise<void> {
  const { app } = await clientOf(gateway);
  for (let n = 1; n <= count; n++) app.append(added(n));
  await app.whenSettled();
  if (at > 0) assert.equal(await app.publishSnapshot("counter/c", { version: at, data: total(at) }), true);
  await app.close();
}

const total = (n: number) => (n * (n + 1)) / 2;

function versionsRead(gateway: ModelGateway): readonly string[] {
  return gateway.callsTo("/counter/c/events", "GET").map(call => call.query.get("after")!);
}

test("first sync reads the snapshot and the events behind it, then goes on live", async () => {
  const gateway = new ModelGateway();
  await counter(gateway, 50, 40);
  const { app, until } = await clientOf(gateway, { aggregates: ["counter/c"] });
  const view = await app.open("counter/c");
  const sum = view.project(FROM);
  await until(() => sum.state === total(50));
  assert.deepEqual(versionsRead(gateway), ["40"]);
  app.append(added(1000));
  assert.equal(sum.state, total(50) + 1000);
  await until(() => view.version === 51 && sum.version === 51);
  assert.equal(sum.confirmed, total(50) + 1000);
  await app.close();
});

for (const [name, store] of Object.entries({
  file: async () => {
    const path = join(await temporaryFolder("snapshots"), "buffer");
    return () => fileBuffer(path);
  },
  IndexedDB: () => {
    const factory = new IDBFactory();
    return Promise.resolve(() => indexedDbBuffer("b", factory));
  },
})) {
  test(`a snapshot and its tail are there after a restart offline: ${name}`, async () => {
    const gateway = new ModelGateway();
    await counter(gateway, 50, 40);
    const buffer = await store();
    const first = await clientOf(gateway, { buffer: buffer(), aggregates: ["counter/c"] });
    const before = (await first.app.open("counter/c")).project(FROM);
    await first.until(() => before.state === total(50));
    await first.app.close();

    const { app, until } = await clientOf(gateway, { buffer: buffer(), online: false });
    const sum = (await app.open("counter/c")).project(FROM);
    await sum.ready;
    assert.equal(sum.state, total(50));
    app.append(added(7));
    assert.equal(sum.state, total(50) + 7);
    app.goOnline();
    await until(() => sum.version === 51);
    // what comes behind the 50 that it has may be read, or come by the stream: whichever is first
    const readAgain = versionsRead(gateway).filter(after => Number(after) < 50);
    assert.deepEqual(readAgain, ["40"], "nothing was read twice");
    await app.close();
  });
}

test("who wants all events gets them from the first on, though others begin with the snapshot", async () => {
  const gateway = new ModelGateway();
  await counter(gateway, 50, 40);
  const { app, until } = await clientOf(gateway, { aggregates: ["counter/c"] });
  const view = await app.open("counter/c");
  const sum = view.project(FROM);
  await until(() => sum.state === total(50));
  const all = view.project(SUM);
  await until(() => all.state === total(50) && all.version === 50);
  const seen: unknown[] = [];
  for await (const event of view.events()) if (seen.push(event.data) === 50) break;
  assert.equal(seen[0], 1);
  assert.equal(sum.state, total(50));
  await app.close();
});

test("without a snapshot all events are read", async () => {
  const gateway = new ModelGateway();
  await counter(gateway, 5, 0);
  const { app, until } = await clientOf(gateway, { aggregates: ["counter/c"] });
  const sum = (await app.open("counter/c")).project(FROM);
  await until(() => sum.state === total(5));
  await app.close();
});

test("a client that was away while the log was trimmed begins anew with the snapshot", async () => {
  const gateway = new ModelGateway();
  const path = join(await temporaryFolder("trim"), "buffer");
  await counter(gateway, 10, 0);
  const first = await clientOf(gateway, { buffer: fileBuffer(path), aggregates: ["counter/c"] });
  const before = (await first.app.open("counter/c")).project(FROM);
  await first.until(() => before.state === total(10));
  await first.app.close();
  const writer = await clientOf(gateway);
  for (let n = 11; n <= 50; n++) writer.app.append(added(n));
  await writer.app.whenSettled();
  await writer.app.publishSnapshot("counter/c", { version: 45, data: total(45) });
  await writer.app.close();
  gateway.log.trim("counter/c", 43);

  for (const buffer of [fileBuffer(path), memoryBuffer()]) {
    const { app, until } = await clientOf(gateway, { buffer, aggregates: ["counter/c"] });
    const sum = (await app.open("counter/c")).project({ ...FROM, apply: ignoringSystem });
    await until(() => sum.version === 51);
    await app.whenLive();
    assert.equal(sum.state, total(50));
    await app.close();
  }
  const again = await clientOf(gateway, { buffer: fileBuffer(path), online: false });
  const sum = (await again.app.open("counter/c")).project({ ...FROM, apply: ignoringSystem });
  await sum.ready;
  assert.equal(sum.state, total(50), "after a restart offline, from the snapshot that was read then");
  await again.app.close();
});

function ignoringSystem(sum: number, event: { type: string; data?: unknown }): number {
  return event.type.startsWith("$") ? sum : sum + Number(event.data);
}

test("a snapshot of what was trimmed meanwhile is not published", async () => {
  const gateway = new ModelGateway();
  await counter(gateway, 10, 0);
  gateway.log.trim("counter/c", 8);
  const { app } = await clientOf(gateway);
  assert.equal(await app.publishSnapshot("counter/c", { version: 6, data: 0 }), false);
  assert.equal(await app.publishSnapshot("counter/c", { version: 7, data: total(7) }), true);
  await app.close();
});

test("a newer snapshot is not overwritten by an older one", async () => {
  const gateway = new ModelGateway();
  await counter(gateway, 10, 8);
  const { app } = await clientOf(gateway);
  assert.equal(await app.publishSnapshot("counter/c", { version: 7, data: 0 }), false);
  assert.equal(await app.publishSnapshot("counter/c", { version: 10, data_base64: "AAEC" }), true);
  await assert.rejects(app.publishSnapshot("counter/c", { version: 11, data: 0 }), /bad-request/);
  const stored = { version: 10, datacontenttype: "application/octet-stream", data_base64: "AAEC" };
  assert.deepEqual(gateway.log.snapshots.get("counter/c"), stored);
  await app.close();
});

test("a snapshot that cannot be read is set aside: all events are read instead", async () => {
  const gateway = new ModelGateway();
  await counter(gateway, 20, 10);
  const { app, until } = await clientOf(gateway, { aggregates: ["counter/c"] });
  const view = await app.open("counter/c");
  const sum = view.project({
    ...SUM,
    fromSnapshot: () => {
      throw new Error("of another application");
    },
  });
  await until(() => sum.state === total(20));
  assert.match(view.quarantined.get(10)!, /another application/);
  await app.close();
});

test("a sealed snapshot can be opened by who has the key, for its own aggregate", async () => {
  const gateway = new ModelGateway();
  const key = crypto.getRandomValues(new Uint8Array(32));
  const codec = a256gcm({ key: () => key, sealWith: () => "k1" });
  const writer = await clientOf(gateway, { codec });
  await writer.app.append([added(1), added(2), added(3)]).confirmed;
  await writer.app.publishSnapshot("counter/c", { version: 2, data: 3 });
  assert.equal(gateway.log.snapshots.get("counter/c")?.datacontenttype, "application/vnd.celeriant.sealed+json");
  const { app, until } = await clientOf(gateway, { codec, aggregates: ["counter/c"] });
  const sum = (await app.open("counter/c")).project(FROM);
  await until(() => sum.state === 6);
  assert.deepEqual(versionsRead(gateway), ["2"]);
  await assert.rejects(
    codec.openSnapshot!("counter/d", gateway.log.snapshots.get("counter/c")!),
    /not what was sealed/,
  );
  await app.close();
  await writer.app.close();
});

test("a snapshot is not published when a captive portal's page is the answer", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway);
  await app.append(painted("b", "1,1", "red")).confirmed;
  gateway.extension = ({ path }) =>
    path.endsWith("/snapshot")
      ? new Response("<html>Log in</html>", { headers: { "Content-Type": "text/html" } })
      : undefined;
  await assert.rejects(app.publishSnapshot("canvas/b", { version: 1, data: [] }), NoAnswerError);
  await app.close();
});
