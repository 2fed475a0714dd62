import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileBuffer } from "../../src/buffer/file.js";
import { JournaledBuffer, type Journal } from "../../src/buffer/journaled-buffer.js";
import { BufferWriteError } from "../../src/buffer/local-buffer.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import { MAX_AGGREGATES_FOLLOWED } from "../../src/limits.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { temporaryFolder } from "../support/temporary-folder.js";

test("a store that is full keeps nothing of the append, tells the caller and goes on when there is room", async () => {
  let full = false;
  const journal: Journal = {
    open: () => Promise.resolve(),
    write: () => (full ? Promise.reject(new BufferWriteError("no space left")) : Promise.resolve()),
    compact: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway, { buffer: new JournaledBuffer(journal), online: false });
  const view = await app.open("canvas/b");
  await app.append(painted("b", "1,1", "red")).local;
  full = true;
  const handle = app.append(painted("b", "1,1", "blue"));
  assert.equal(view.registers.get("1,1")?.data, "blue");
  await assert.rejects(handle.local, BufferWriteError);
  await assert.rejects(handle.confirmed, BufferWriteError);
  assert.equal(view.registers.get("1,1")?.data, "red");
  assert.equal(app.status.pending, 1);
  full = false;
  assert.equal((await app.append(painted("b", "2,2", "green")).local).sequence, 2);
  app.goOnline();
  await app.whenSettled();
  assert.deepEqual(
    gateway.log.events.map(event => event.data),
    ["red", "green"],
  );
  await app.close();
});

test("an aggregate that is opened again while the store is full is read again", async () => {
  const buffer = memoryBuffer();
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway, { buffer, aggregates: ["canvas/other"] });
  const view = await app.open("canvas/b");
  await until(() => app.status.state === "live");
  buffer.confirm = () => Promise.reject(new BufferWriteError("no space left"));
  gateway.log.push("one", null, [{ id: "a", sequence: 1, events: [painted("b", "1,1", "red")] }]);
  await until(() => view.version === 1);
  view.close();
  const again = await app.open("canvas/b");
  await until(() => again.version === 1);
  assert.equal(again.registers.get("1,1")?.data, "red");
  await app.close();
});

test("a client starts on a store that takes nothing more, and shows what it has", async () => {
  const path = join(await temporaryFolder("full"), "buffer");
  const gateway = new ModelGateway();
  const before = await clientOf(gateway, { buffer: fileBuffer(path), aggregates: ["canvas/b"] });
  await before.app.append(painted("b", "1,1", "red")).confirmed;
  await before.until(() => before.app.status.localPosition === 1);
  await before.app.close();

  const buffer = fileBuffer(path);
  buffer.pruneKept = () => Promise.reject(new BufferWriteError("no space left"));
  const { app } = await clientOf(gateway, { buffer, online: false, aggregates: ["canvas/b"] });
  assert.equal((await app.open("canvas/b")).registers.get("1,1")?.data, "red");
  await app.close();
});

test("a store that is full when it is new is free for the next try", async () => {
  const open: string[] = [];
  const journal: Journal = {
    open: () => Promise.resolve(void open.push("journal")),
    write: () => Promise.reject(new BufferWriteError("no space left")),
    compact: () => Promise.resolve(),
    close: () => Promise.resolve(void open.pop()),
  };
  await assert.rejects(clientOf(new ModelGateway(), { buffer: new JournaledBuffer(journal) }), BufferWriteError);
  assert.deepEqual(open, []);
});

test("a client that cannot start leaves its store to the next one", async () => {
  const path = join(await temporaryFolder("start"), "buffer");
  const gateway = new ModelGateway();
  const aggregates = Array.from({ length: MAX_AGGREGATES_FOLLOWED + 1 }, (_, n) => `canvas/${n}`);
  await assert.rejects(clientOf(gateway, { buffer: fileBuffer(path), aggregates }), RangeError);
  const { app } = await clientOf(gateway, { buffer: fileBuffer(path), online: false });
  await app.close();
});
