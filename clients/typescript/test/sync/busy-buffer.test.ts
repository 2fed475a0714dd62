import assert from "node:assert/strict";
import { test } from "node:test";
import { JournaledBuffer, type Journal } from "../../src/buffer/journaled-buffer.js";
import { clientOf, painted, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

test(
  "what is appended while the buffer stores something else is stored too, in order, and lands once",
  { timeout: 60_000 },
  async () => {
    let writes: (() => void)[] = [];
    const journal: Journal = {
      open: () => Promise.resolve(),
      write: () => new Promise<void>(resolve => writes.push(resolve)),
      compact: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const finishWrites = () => {
      const finished = writes;
      writes = [];
      for (const finish of finished) finish();
    };
    const gateway = new ModelGateway();
    const connecting = clientOf(gateway, { buffer: new JournaledBuffer(journal), online: false });
    const breathing = setInterval(finishWrites, 1);
    const { app } = await connecting;
    clearInterval(breathing);

    const first = app.append(painted("b", "1,1", "one"));
    await patiently(() => writes.length === 1);
    const second = app.append(painted("b", "1,1", "two"));
    const third = app.append(painted("b", "1,1", "three"));
    assert.equal(app.status.pending, 3);
    finishWrites();
    const goingOn = setInterval(finishWrites, 1);
    const places = await Promise.all([first, second, third].map(handle => handle.local));
    assert.deepEqual(
      places.map(place => place.sequence),
      [1, 2, 3],
    );
    app.goOnline();
    await app.whenSettled();
    assert.deepEqual(
      gateway.log.events.map(event => event.data),
      ["one", "two", "three"],
    );
    await app.close();
    clearInterval(goingOn);
  },
);
