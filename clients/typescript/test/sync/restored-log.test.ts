import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileBuffer } from "../../src/buffer/file.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import type { Codec } from "../../src/codec.js";
import { LogDivergedError } from "../../src/protocol/errors.js";
import type { Notice } from "../../src/sync/notice.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { temporaryFolder } from "../support/temporary-folder.js";

test("a log restored from an old backup is noticed, and what it lost of this client's is sent again", async () => {
  const gateway = new ModelGateway();
  gateway.log.admission = (_client, event) =>
    event.data === "poison" ? { code: "access-denied", status: 403, done: "settled" } : undefined;
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await app.open("canvas/b");
  const notices: Notice[] = [];
  app.onNotice(notice => notices.push(notice));
  for (const data of ["a", "b", "c", "poison", "d"]) {
    await app.append(painted("b", data, data)).confirmed.catch(() => undefined);
  }
  await until(() => view.version === 4 && app.status.state === "live");
  gateway.cutStreams();
  await until(() => app.status.state === "live");

  gateway.log.restoreTo(2);
  gateway.cutStreams();
  await until(() => notices.length > 0 && app.status.pending === 0 && view.version === 4);
  assert.deepEqual(
    gateway.log.events.map(event => [event.sequence, event.data]),
    [
      [1, "a"],
      [2, "b"],
      [3, "c"],
      [5, "d"],
    ],
  );
  assert.deepEqual(notices, [{ kind: "log-diverged", resent: 3 }]);
  assert.deepEqual([...view.registers.keys()].sort(), ["a", "b", "c", "d"]);
  await app.append(painted("b", "e", "e")).confirmed;
  assert.equal(gateway.log.events.at(-1)?.sequence, 6);
  await app.close();
});

test("a client that only appends notices a log that lost appends by the gap", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway);
  for (const data of ["a", "b", "c"]) await app.append(painted("b", data, data)).confirmed;
  gateway.log.restoreTo(1);
  app.append(painted("b", "d", "d"));
  await until(() => app.status.pending === 0);
  assert.deepEqual(
    gateway.log.events.map(event => event.data),
    ["a", "b", "c", "d"],
  );
  await app.close();
});

test("what was lost and is no longer kept leaves a gap that only a new identity can close", async () => {
  const gateway = new ModelGateway();
  const path = join(await temporaryFolder("lost"), "buffer");
  const first = await clientOf(gateway, { buffer: fileBuffer(path) });
  for (const data of ["a", "b"]) await first.app.append(painted("b", data, data)).confirmed;
  const before = first.app.clientId;
  first.clock.advance(31 * 24 * 3_600_000);
  await first.app.append(painted("b", "c", "c")).confirmed;
  await first.app.close();
  gateway.log.restoreTo(0);

  const { clock } = first;
  const second = await clientOf(gateway, { buffer: fileBuffer(path), clock });
  second.app.append(painted("b", "d", "d"));
  await second.until(() => second.app.status.pending === 0);
  assert.notEqual(second.app.clientId, before);
  assert.deepEqual(
    gateway.log.events.map(event => event.data),
    ["c", "d"],
  );
  await second.app.close();
});

test("who reads the events of a log that diverged is told to begin again", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  for (const data of ["a", "b", "c"]) await writer.app.append(painted("b", data, data)).confirmed;
  await writer.app.close();
  const reader = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await reader.app.open("canvas/b");
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const event of view.events()) seen.push(event.data);
  })();
  await reader.until(() => seen.length === 3);
  gateway.log.restoreTo(1);
  const failed = assert.rejects(reading, LogDivergedError);
  gateway.cutStreams();
  await reader.until(() => view.version === 1);
  await failed;
  assert.deepEqual([...view.registers.keys()], ["a"]);
  await reader.app.close();
});

test("an append that the log lost before it was read back is noticed with the next session", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  await until(() => app.status.state === "live");
  gateway.muteStreams();
  await app.append(painted("b", "1,1", "red")).confirmed;
  gateway.log.restoreTo(0);
  gateway.cutStreams();
  await until(() => gateway.log.events.length === 1 && app.status.localPosition === 1);
  await app.close();
});

test("a log that lost appends and grew again is noticed by a client that has read nothing of it yet", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway);
  for (const data of ["a", "b", "c"]) await app.append(painted("b", data, data)).confirmed;
  gateway.log.restoreTo(1);
  for (let n = 1; n <= 9; n++) {
    gateway.log.push(`other-${n}`, null, [{ id: `o${n}`, sequence: 1, events: [painted("b", "1,1", "red")] }]);
  }
  const view = await app.open("canvas/b");
  await until(() => gateway.log.events.length === 12 && view.version === 12 && app.status.state === "live");
  assert.deepEqual(
    gateway.log.events.filter(event => event.client === app.clientId).map(event => event.data),
    ["a", "b", "c"],
  );
  await app.close();
});

test("no hash of a log that lost appends and grew again is kept before that log was asked for them", async () => {
  const gateway = new ModelGateway();
  const buffer = memoryBuffer();
  const { app, until } = await clientOf(gateway, { buffer, aggregates: ["canvas/b"] });
  await until(() => app.status.state === "live");
  gateway.muteStreams();
  await app.append(painted("b", "1,1", "lost")).confirmed;
  gateway.log.restoreTo(0);
  for (let n = 1; n <= 3; n++) {
    gateway.log.push(`other-${n}`, null, [{ id: `o${n}`, sequence: 1, events: [painted("b", "1,1", "red")] }]);
  }
  const asked = gateway.callsTo("/appends").length;
  gateway.fault = call => (call.path.endsWith("/appends") ? { kind: "answer-lost" } : undefined);
  gateway.cutStreams();
  await until(() => gateway.callsTo("/appends").length > asked + 2);
  assert.equal((await buffer.contents()).cursor?.check?.position, 0);
  gateway.fault = () => undefined;
  await until(() => gateway.log.events.length === 4 && app.status.localPosition === 4);
  await app.close();
});

test("a trim that the log does not know of any more is not believed", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  for (const data of ["a", "b", "c"]) await app.append(painted("b", data, data)).confirmed;
  await until(() => app.status.localPosition === 3);
  const gone = () =>
    Response.json(
      { code: "gone", status: 410, firstVersion: 3 },
      { status: 410, headers: { "Content-Type": "application/problem+json", "DPoP-Nonce": gateway.nonce } },
    );
  let told = false;
  gateway.extension = call => {
    if (told || !call.path.endsWith("/canvas/b/events")) return undefined;
    told = true;
    return gone();
  };
  const view = await app.open("canvas/b");
  const seen: unknown[] = [];
  for await (const { data, version } of view.events()) {
    seen.push(data);
    if (version === 3) break;
  }
  assert.equal(told, true);
  assert.deepEqual(seen, ["a", "b", "c"]);
  await app.close();
});

test("the hash that a stream tells later is kept and taken along: a log that grew again is noticed", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  await until(() => app.status.state === "live");
  gateway.log.push("other", null, [{ id: "a", sequence: 1, events: [painted("b", "1,1", "red")] }]);
  const hash = gateway.log.hash(1);
  gateway.send(`event: agreed\nid: 1\ndata: ${JSON.stringify({ position: 1, log: gateway.log.id, hash })}\n\n`);
  await until(() => app.status.localPosition === 1);
  gateway.cutStreams();
  await until(() => gateway.calls.at(-1)?.query.get("check") === `1:${hash}`);
  await app.close();
});

test("a log that grew again behind a state that was read is noticed, though the cursor's own hash agrees", async () => {
  const gateway = new ModelGateway();
  const append = (client: string, data: string) =>
    gateway.log.push(client, null, [{ id: data, sequence: 1, events: [painted("b", "1,1", data)] }]);
  gateway.extension = call => {
    if (call.path.endsWith("/state") && gateway.log.position === 0) append("one", "lost");
    if (call.headers.get("Accept") === "text/event-stream" && gateway.log.events[0]?.data === "lost") {
      gateway.log.restoreTo(0);
      append("other", "kept");
    }
    return undefined;
  };
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await app.open("canvas/b");
  await until(() => app.status.state === "live");
  assert.equal(view.registers.get("1,1")?.data, "kept");
  await app.close();
});

test("a log that grew again between a state and the pages of its events is noticed", async () => {
  const gateway = new ModelGateway();
  const append = (client: string, data: string) =>
    gateway.log.push(client, null, [{ id: data, sequence: 1, events: [painted("b", "1,1", data)] }]);
  let told = false;
  gateway.extension = call => {
    if (call.path.endsWith("/state") && gateway.log.position === 0) append("one", "lost");
    if (call.path.endsWith("/canvas/b/events") && !told) {
      told = true;
      gateway.log.restoreTo(0);
      append("other", "kept");
    }
    return undefined;
  };
  const { app, until } = await clientOf(gateway);
  const view = await app.open("canvas/b");
  const shown: unknown[] = [];
  view.subscribe(() => shown.push(view.registers.get("1,1")?.data));
  const seen = view.project({ initial: () => [] as unknown[], apply: (all, { data }) => [...all, data] });
  await until(() => app.status.state === "live" && seen.state.length > 0);
  assert.equal(told, true);
  assert.deepEqual(seen.state, ["kept"]);
  assert.deepEqual(new Set(shown), new Set(["kept"]), "nothing of one log is shown with what is of the other");
  await app.close();
});

test("a snapshot of a log that is no more is refused, however late it comes", async () => {
  const gateway = new ModelGateway();
  const append = (client: string, data: string) =>
    gateway.log.push(client, null, [{ id: data, sequence: 1, events: [painted("b", "1,1", data)] }]);
  append("one", "lost");
  let sealing = () => {};
  const codec: Codec = {
    seal: event => Promise.resolve(event),
    open: () => Promise.reject(new Error("nothing is sealed")),
    sealSnapshot: (_aggregate, content) => new Promise(resolve => (sealing = () => resolve(content))),
  };
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"], codec });
  const view = await app.open("canvas/b");
  await until(() => app.status.state === "live" && view.version === 1);
  const published = app.publishSnapshot("canvas/b", { version: 1, data: ["lost"] });
  published.catch(() => undefined);
  gateway.log.restoreTo(0);
  append("other", "kept");
  gateway.cutStreams();
  await until(() => app.status.state === "live" && view.registers.get("1,1")?.data === "kept");
  sealing();
  await assert.rejects(published, { name: "ProblemError", message: /log-diverged/ });
  assert.equal(gateway.log.snapshots.size, 0);
  await app.close();
});

test("a deletion that the log lost behind the answer that there is no such aggregate is noticed", async () => {
  const gateway = new ModelGateway();
  const append = (board: string, data: string) =>
    gateway.log.push(data, null, [{ id: data, sequence: 1, events: [painted(board, "1,1", data)] }]);
  append("b", "kept");
  let told = false;
  gateway.extension = call => {
    if (call.path.endsWith("/state") && !told) {
      gateway.log.remove("canvas/b");
      told = true;
    }
    if (call.headers.get("Accept") === "text/event-stream" && !gateway.log.exists("canvas/b")) {
      gateway.log.restoreTo(1);
      append("c", "elsewhere");
    }
    return undefined;
  };
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await app.open("canvas/b");
  await until(() => app.status.state === "live");
  assert.equal(told, true);
  assert.equal(view.registers.get("1,1")?.data, "kept");
  await app.close();
});
