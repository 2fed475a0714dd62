import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileBuffer } from "../../src/buffer/file.js";
import type { Notice } from "../../src/sync/notice.js";
import { upcasting, type Upcaster } from "../../src/upcasting.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { temporaryFolder } from "../support/temporary-folder.js";

/** 1.0: a colour; 2.0: `{colour}`; then another type, with the colour as a number. */
const UPCASTERS: readonly Upcaster[] = [
  { type: "cell-painted", upcast: ({ data }) => ({ typeVersion: "2.0", data: { colour: data ?? null } }) },
  {
    type: "cell-painted",
    typeVersion: "2.0",
    upcast: ({ data }) => {
      const { colour } = data as { colour: string };
      return { type: "cell-set", typeVersion: "1.0", data: { rgb: parseInt(colour.slice(1), 16) } };
    },
  },
];
const OLD = painted("b", "1,1", "#0000ff");
const NEW = { type: "cell-set", typeVersion: "1.0", data: { rgb: 255 } };
const LIST = { initial: [] as unknown[], apply: (seen: unknown[], event: { data?: unknown }) => [...seen, event.data] };

const formOf = (shown: { type: string; typeVersion?: string; data?: unknown } | undefined) => {
  const { type, typeVersion, data } = shown!;
  return { type, typeVersion, data };
};

test("events of the log are shown in their newest form: registers, events and projections", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  await writer.app.append([OLD, { ...OLD, key: "2,2", typeVersion: "2.0", data: { colour: "#000001" } }]).confirmed;
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"], upcasting: upcasting(UPCASTERS) });
  const view = await app.open("canvas/b");
  const list = view.project(LIST);
  await until(() => list.state.length === 2);
  assert.deepEqual(formOf(view.registers.get("1,1")), NEW);
  assert.deepEqual(list.state, [{ rgb: 255 }, { rgb: 1 }]);
  const seen = [];
  for await (const event of view.events()) if (seen.push(formOf(event)) === 2) break;
  assert.deepEqual(seen, [NEW, { ...NEW, data: { rgb: 1 } }]);
  for await (const event of app.readEvents("canvas/b")) assert.equal(event.type, "cell-set");
  assert.deepEqual(gateway.log.events[0]!.data, "#0000ff", "what is stored stays as it was written");
  await app.close();
  await writer.app.close();
});

test("events that an older version of the application left in the buffer are shown in their newest form", async () => {
  const gateway = new ModelGateway();
  const path = join(await temporaryFolder("upcasting"), "buffer");
  const before = await clientOf(gateway, { buffer: fileBuffer(path), online: false });
  await before.app.append(OLD).local;
  await before.app.close();

  const { app } = await clientOf(gateway, { buffer: fileBuffer(path), online: false, upcasting: upcasting(UPCASTERS) });
  const view = await app.open("canvas/b");
  assert.deepEqual(formOf(view.registers.get("1,1")), NEW);
  assert.deepEqual(formOf(view.pending[0]), NEW);
  app.goOnline();
  await app.whenSettled();
  assert.equal(gateway.log.events[0]!.data, "#0000ff", "it is sent as it was appended");
  await app.close();
});

test("a cleared register stays cleared, whatever an upcaster would make of it", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway, { aggregates: ["canvas/b"], upcasting: upcasting(UPCASTERS) });
  const view = await app.open("canvas/b");
  app.append(OLD);
  app.append({ ...OLD, data: null });
  assert.equal(view.registers.size, 0);
  await app.whenSettled();
  await app.whenLive();
  assert.equal(view.registers.size, 0);
  await app.close();
});

test("an event that an upcaster or a projection cannot take is set aside and told of; the rest goes on", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  const bad = { ...OLD, key: "2,2", typeVersion: "2.0", data: 5 };
  await writer.app.append([OLD, bad, painted("b", "3,3", "#000003"), painted("b", "4,4", "#000004")]).confirmed;
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"], upcasting: upcasting(UPCASTERS) });
  const notices: Notice[] = [];
  app.onNotice(notice => notices.push(notice));
  const view = await app.open("canvas/b");
  const list = view.project({
    initial: [] as number[],
    apply: (seen, event) => {
      const { rgb } = event.data as { rgb: number };
      if (rgb === 3) throw new Error("not three");
      return [...seen, rgb];
    },
  });
  await until(() => list.state.length === 2);
  assert.deepEqual(list.state, [255, 4]);
  assert.match(view.registers.get("2,2")!.unreadable ?? "", /undefined|slice/);
  assert.equal(view.registers.get("2,2")!.data, undefined);
  assert.deepEqual([...view.quarantined.keys()], [2, 3]);
  const versions = [];
  for await (const event of view.events()) if (versions.push(event.version) === 3) break;
  assert.deepEqual(versions, [1, 3, 4], "what cannot be read is passed over");
  assert.deepEqual(
    notices.map(notice => [notice.kind, "version" in notice && notice.version]),
    [
      ["quarantined", 2],
      ["quarantined", 3],
    ],
  );
  await writer.app.append(painted("b", "5,5", "#000005")).confirmed;
  await until(() => list.state.length === 3);
  await app.close();
  await writer.app.close();
});

test("upcasters that contradict each other or go round in a circle are found", async () => {
  const gateway = new ModelGateway();
  const to = (type: string, typeVersion: string) => ({ upcast: () => ({ type, typeVersion }) });
  const two = [UPCASTERS[0]!, { type: "cell-painted", ...to("x", "1.0") }];
  assert.throws(() => upcasting(two), /two upcasters for cell-painted 1\.0/);
  const circle = [
    { type: "cell-painted", ...to("cell-painted", "2.0") },
    { type: "cell-painted", typeVersion: "2.0", ...to("cell-painted", "1.0") },
  ];
  const { app } = await clientOf(gateway, { online: false, upcasting: upcasting(circle) });
  const view = await app.open("canvas/b");
  app.append(OLD);
  assert.match(view.registers.get("1,1")!.unreadable ?? "", /circle/);
  await app.close();
});
