import assert from "node:assert/strict";
import { test } from "node:test";
import { JournaledBuffer, type Journal } from "../../src/buffer/journaled-buffer.js";
import { BufferWriteError } from "../../src/buffer/local-buffer.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

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
