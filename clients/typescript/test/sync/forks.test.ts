import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileBuffer } from "../../src/buffer/file.js";
import { JournaledBuffer, type Journal } from "../../src/buffer/journaled-buffer.js";
import type { Fetch } from "../../src/protocol/transport.js";
import type { Notice } from "../../src/sync/notice.js";
import { clientOf, painted, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { refuse } from "../support/model-log.js";
import { temporaryFolder } from "../support/temporary-folder.js";

async function path(): Promise<string> {
  return join(await temporaryFolder("fork"), "buffer");
}

test("a restored backup finds out, takes a new identity, and neither loses nor doubles an append", async () => {
  const gateway = new ModelGateway();
  const [original, backup] = [await path(), await path()];
  const before = await clientOf(gateway, { buffer: fileBuffer(original), online: false });
  for (const data of ["s1", "s2", "s3"]) await before.app.append(painted("b", data, data)).local;
  const clientId = before.app.clientId;
  await before.app.close();
  await copyFile(original, backup);

  const device = await clientOf(gateway, { buffer: fileBuffer(original) });
  await device.app.append(painted("b", "s4", "s4")).confirmed;
  await device.app.close();

  const restored = await clientOf(gateway, { buffer: fileBuffer(backup), online: false });
  const notices: Notice[] = [];
  restored.app.onNotice(notice => notices.push(notice));
  const view = await restored.app.open("canvas/b");
  for (const data of ["t4", "t5"]) restored.app.append(painted("b", data, data));
  restored.app.goOnline();
  await restored.until(() => restored.app.status.pending === 0 && view.version === 6);
  assert.deepEqual(
    gateway.log.events.map(event => event.data),
    ["s1", "s2", "s3", "s4", "t4", "t5"],
  );
  assert.notEqual(restored.app.clientId, clientId);
  assert.deepEqual(notices, [{ kind: "client-forked", before: clientId, now: restored.app.clientId, resent: 2 }]);
  assert.equal(
    [...view.registers.values()].some(value => value.pending),
    false,
  );
  const after = restored.app.clientId;
  await restored.app.close();

  const again = await clientOf(gateway, { buffer: fileBuffer(backup) });
  assert.equal(again.app.clientId, after, "the new identity is kept");
  await again.app.append(painted("b", "t6", "t6")).confirmed;
  await again.app.close();
});

test("of two clones that append in turns each loses and doubles nothing", async () => {
  const gateway = new ModelGateway();
  const [one, two] = [await path(), await path()];
  const first = await clientOf(gateway, { buffer: fileBuffer(one) });
  await first.app.append(painted("b", "0", "common")).confirmed;
  await first.app.close();
  await copyFile(one, two);
  const clones = [
    await clientOf(gateway, { buffer: fileBuffer(one) }),
    await clientOf(gateway, { buffer: fileBuffer(two) }),
  ];
  for (let round = 0; round < 5; round++) {
    for (const [which, clone] of clones.entries()) {
      clone.app.append(painted("b", "1", `clone ${which} round ${round}`));
      await clone.until(() => clone.app.status.pending === 0);
    }
  }
  const data = gateway.log.events.map(event => event.data as string);
  assert.equal(data.length, 11);
  assert.equal(new Set(data).size, 11);
  for (const which of [0, 1]) {
    assert.deepEqual(
      data.filter(text => text.startsWith(`clone ${which}`)),
      [0, 1, 2, 3, 4].map(round => `clone ${which} round ${round}`),
      "in its own order",
    );
  }
  for (const clone of clones) await clone.app.close();
});

test("a new identity that is taken while an aggregate is read reads all of them anew", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  for (const board of ["a", "b"]) await writer.app.append(painted(board, "1,1", "red")).confirmed;
  await writer.app.close();

  // From the new identity on the buffer stores one change after the other, when it is let.
  let isSlow = false;
  const writes: (() => void)[] = [];
  const journal: Journal = {
    open: () => Promise.resolve(),
    write: ([change]) => {
      isSlow ||= change?.kind === "restamp";
      return isSlow ? new Promise(resolve => writes.push(resolve)) : Promise.resolve();
    },
    compact: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  let isReading = false;
  let letPageThrough = () => {};
  const gate = new Promise<void>(resolve => (letPageThrough = resolve));
  const fetch: Fetch = async (url, init) => {
    isReading ||= url.includes("/canvas/b/events");
    if (url.includes("/canvas/b/events")) await gate;
    return await gateway.fetch(url, init);
  };
  const buffer = new JournaledBuffer(journal);
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/a"], buffer, fetch });
  await until(() => app.status.state === "live");
  const before = app.clientId;
  gateway.extension = ({ body }, client) =>
    client === before && body.includes("mine") ? refuse(409, "client-forked") : undefined;

  (await app.open("canvas/b")).project({ initial: 0, apply: count => count + 1 });
  await until(() => isReading);
  const { confirmed } = app.append(painted("a", "2,2", "mine"));
  await patiently(() => writes.length === 1);
  letPageThrough();
  // What was read waits for the new identity to be stored.
  await patiently(() => buffer["waiting"].length === 1);
  const reads = () => ["a", "b"].map(board => gateway.callsTo(`/canvas/${board}/state`, "GET").length);
  const readBefore = reads();
  await until(() => {
    writes.shift()?.();
    return app.status.state === "live" && app.status.pending === 0;
  });
  await confirmed;
  assert.notEqual(app.clientId, before);
  assert.deepEqual(
    reads(),
    readBefore.map(count => count + 1),
  );
  await app.close();
});
