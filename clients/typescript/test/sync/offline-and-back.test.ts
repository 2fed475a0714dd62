import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileBuffer } from "../../src/buffer/file.js";
import { clientOf, painted, pushesTo } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { temporaryFolder } from "../support/temporary-folder.js";

test("an append is in the view at once, durable here, and confirmed when the log has it", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway);
  const view = await app.open("canvas/b");
  const handle = app.append(painted("b", "1,1", "red"));
  assert.equal(view.registers.get("1,1")?.data, "red");
  assert.equal(view.registers.get("1,1")?.pending, true);
  assert.equal((await handle.local).sequence, 1);
  const confirmation = await handle.confirmed;
  assert.deepEqual(confirmation, { positions: [1, 1], versions: { "canvas/b": 1 } });
  await until(() => view.version === 1);
  assert.deepEqual(view.registers.get("1,1"), {
    type: "cell-painted",
    data: "red",
    client: app.clientId,
    version: 1,
    position: 1,
    pending: false,
  });
  await app.close();
});

test("what is appended offline is shown, and replayed in order and once on coming back", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway, { online: false });
  const view = await app.open("canvas/b");
  const handles = Array.from({ length: 25 }, (_, n) => app.append(painted("b", `${n % 5},0`, `c${n}`)));
  await Promise.all(handles.map(handle => handle.local));
  assert.equal(app.status.state, "offline");
  assert.equal(app.status.pending, 25);
  assert.equal(view.registers.get("4,0")?.data, "c24");
  assert.equal(gateway.calls.length, 0);
  app.goOnline();
  await app.whenSettled();
  await until(() => app.status.state === "live");
  assert.deepEqual(
    gateway.log.events.map(event => event.data),
    Array.from({ length: 25 }, (_, n) => `c${n}`),
  );
  assert.equal(view.registers.get("4,0")?.pending, false);
  assert.equal(pushesTo(gateway).length, 1, "one request for all of it");
  await app.close();
});

test("the status tells since when something waits as soon as it is appended, stored or not", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway, { online: false });
  assert.equal(app.status.oldestPendingAt, undefined);
  const first = app.append(painted("b", "1,1", "red"));
  const { pending, oldestPendingAt } = app.status;
  assert.equal(pending, 1);
  assert.equal(typeof oldestPendingAt, "number");
  await first.local;
  app.append(painted("b", "2,2", "red"));
  assert.equal(app.status.oldestPendingAt, oldestPendingAt);
  app.goOnline();
  await until(() => app.status.pending === 0);
  assert.equal(app.status.oldestPendingAt, undefined);
  await app.close();
});

test("two clients that drew offline on the same cells show the same when both are back", async () => {
  const gateway = new ModelGateway();
  const one = await clientOf(gateway, { online: false });
  const two = await clientOf(gateway, { online: false });
  const views = [await one.app.open("canvas/b"), await two.app.open("canvas/b")];
  for (let n = 0; n < 10; n++) {
    one.app.append(painted("b", `${n},0`, "red"));
    two.app.append(painted("b", `${n + 5},0`, "blue"));
  }
  two.app.goOnline();
  await two.app.whenSettled();
  one.app.goOnline();
  await one.app.whenSettled();
  await one.until(() => views.every(view => view.version === 20));
  const shown = views.map(view => [...view.registers].map(([key, value]) => [key, value.data]).sort());
  assert.deepEqual(shown[0], shown[1]);
  assert.equal(views[0]?.registers.get("7,0")?.data, "red", "the one that came last wins, whoever wrote first");
  await one.app.close();
  await two.app.close();
});

test("what another client appends comes in live, and null clears a register", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  const reader = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await reader.app.open("canvas/b");
  await reader.until(() => reader.app.status.state === "live");
  const changed: string[] = [];
  view.subscribe(change => changed.push(...change.keys));
  await writer.app.append(painted("b", "1,1", "red")).confirmed;
  await reader.until(() => view.version === 1);
  await writer.app.append({ aggregate: "canvas/b", type: "cell-cleared", key: "1,1", data: null }).confirmed;
  await reader.until(() => view.version === 2);
  assert.equal(view.registers.size, 0);
  assert.deepEqual(changed, ["1,1", "1,1"]);
  await writer.app.close();
  await reader.app.close();
});

test("a restart offline shows the last known state with everything of one's own in it", async () => {
  const gateway = new ModelGateway();
  const path = join(await temporaryFolder("client"), "buffer");
  const other = await clientOf(gateway);
  await other.app.append(painted("b", "9,9", "green")).confirmed;
  const first = await clientOf(gateway, { buffer: fileBuffer(path), aggregates: ["canvas/b"] });
  await first.until(() => first.app.status.state === "live");
  const before = first.app.clientId;
  first.app.goOffline();
  await first.app.append(painted("b", "1,1", "red")).local;
  await first.app.close();

  const second = await clientOf(gateway, { buffer: fileBuffer(path), online: false });
  const view = await second.app.open("canvas/b");
  assert.equal(second.app.clientId, before);
  assert.equal(second.app.status.pending, 1);
  assert.equal(view.registers.get("9,9")?.data, "green");
  assert.equal(view.registers.get("1,1")?.pending, true);
  second.app.goOnline();
  await second.app.whenSettled();
  await second.until(() => view.version === 2);
  assert.equal(gateway.log.events.filter(event => event.data === "red").length, 1);
  await second.app.close();
  await other.app.close();
});

test("an append that is settled and not read back yet is still shown after a restart offline", async () => {
  const gateway = new ModelGateway();
  const path = join(await temporaryFolder("client"), "buffer");
  const first = await clientOf(gateway, { buffer: fileBuffer(path), aggregates: ["canvas/b"] });
  await first.until(() => first.app.status.state === "live");
  gateway.fault = call => (call.path.endsWith("/events") ? { kind: "request-lost" } : undefined);
  first.app.goOffline();
  first.app.goOnline();
  const open = await first.app.open("canvas/b");
  const handle = first.app.append(painted("b", "1,1", "red"));
  await first.until(() => first.app.status.pending === 0);
  await handle.confirmed;
  assert.equal(open.version, 0, "it was not read back");
  assert.equal(open.registers.get("1,1")?.data, "red");
  assert.equal(open.registers.get("1,1")?.pending, false);
  await first.app.close();

  const second = await clientOf(gateway, { buffer: fileBuffer(path), online: false });
  const view = await second.app.open("canvas/b");
  assert.equal(view.registers.get("1,1")?.data, "red");
  await second.app.append(painted("b", "1,1", "blue")).local;
  assert.equal(view.registers.get("1,1")?.data, "blue", "what is pending lies on top of what is settled");
  await second.app.close();
});

const WEEK_MS = 7 * 24 * 3_600_000;

/** Since then all was read with one request; the token had run out, and another one is asked for before. */
function assertOneRequest(gateway: ModelGateway, before: number): void {
  const calls = gateway.calls.slice(before).filter(call => call.path !== "/oauth/token");
  assert.equal(calls.length, 1, calls.map(call => call.path).join());
}

test("a client that slept comes back with one request for all that it follows", async () => {
  const gateway = new ModelGateway();
  const path = join(await temporaryFolder("client"), "buffer");
  const aggregates = ["canvas/a", "canvas/b", "canvas/c"];
  const writer = await clientOf(gateway);
  for (const name of ["a", "b", "c"]) await writer.app.append(painted(name, "1,1", "red")).confirmed;
  const first = await clientOf(gateway, { buffer: fileBuffer(path), aggregates });
  await first.until(() => first.app.status.state === "live");
  await first.app.close();
  for (const name of ["a", "b", "c"]) await writer.app.append(painted(name, "1,1", "blue")).confirmed;
  first.clock.advance(WEEK_MS);

  const before = gateway.calls.length;
  const second = await clientOf(gateway, { buffer: fileBuffer(path), aggregates, clock: first.clock });
  await second.until(() => second.app.status.state === "live");
  assertOneRequest(gateway, before);
  assert.equal((await second.app.open("canvas/c")).registers.get("1,1")?.data, "blue");
  await second.app.close();
  await writer.app.close();
});

test("a phone that sleeps for a week with the page open comes back with one request", async () => {
  const gateway = new ModelGateway();
  const aggregates = ["canvas/a", "canvas/b", "canvas/c"];
  const writer = await clientOf(gateway);
  const phone = await clientOf(gateway, { aggregates });
  await phone.app.append(aggregates.map(name => painted(name.slice(-1), "1,1", "red"))).confirmed;
  await phone.until(() => phone.app.status.state === "live" && phone.app.status.localPosition === 3);
  gateway.muteStreams();
  for (let day = 1; day <= 7; day++) {
    for (const name of ["a", "b", "c"]) await writer.app.append(painted(name, "1,1", `day ${day}`)).confirmed;
  }
  const before = gateway.calls.length;
  phone.clock.advance(WEEK_MS);
  const view = await phone.app.open("canvas/c");
  await phone.until(() => phone.app.status.state === "live" && view.version === 8);
  assertOneRequest(gateway, before);
  assert.equal(view.registers.get("1,1")?.data, "day 7");
  for (const { app } of [phone, writer]) await app.close();
});

test("several events in one append are atomic: one sequence, adjacent positions", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway);
  const handle = app.append([painted("a", "1,1", "red"), painted("b", "1,1", "blue"), painted("a", "2,2", "red")]);
  const { positions, versions } = await handle.confirmed;
  assert.deepEqual(positions, [1, 3]);
  assert.deepEqual(versions, { "canvas/a": 2, "canvas/b": 1 });
  await app.close();
});

test("a client that is sent offline and back at once goes on at once, without a wait", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  for (let n = 0; n < 20; n++) {
    app.goOffline();
    app.append(painted("b", `1,${n}`, "red"));
    app.goOnline();
    // No time passes on this client's clock: a wait would never end.
    await app.whenSettled();
  }
  assert.equal(gateway.log.events.length, 20);
  await app.close();
});
