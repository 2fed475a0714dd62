import assert from "node:assert/strict";
import { test } from "node:test";
import { JournaledBuffer, type Journal } from "../../src/buffer/journaled-buffer.js";
import { BufferWriteError } from "../../src/buffer/local-buffer.js";
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
