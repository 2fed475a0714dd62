import assert from "node:assert/strict";
import { test } from "node:test";
import type { Celeriant } from "../../src/celeriant.js";
import { LEADER_PING_MS } from "../../src/limits.js";
import { painted, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { TestBrowser, type TestTab } from "../support/test-browser.js";

const BOARD = { aggregates: ["canvas/b"] };

function shown(view: { registers: ReadonlyMap<string, { data?: unknown; pending: boolean }> }) {
  return [...view.registers].map(([key, value]) => [key, value.data, value.pending]).sort();
}

async function tabs(browser: TestBrowser, count: number): Promise<TestTab[]> {
  const opened: TestTab[] = [];
  for (let n = 0; n < count; n++) opened.push(await browser.open(BOARD));
  return opened;
}

function streams(gateway: ModelGateway): number {
  return gateway.calls.filter(call => call.headers.get("Accept") === "text/event-stream").length;
}

for (const count of [1, 2, 6]) {
  test(`${count} tabs append through one buffer, over one stream, and all show the same`, async () => {
    const gateway = new ModelGateway();
    const all = await tabs(new TestBrowser(gateway), count);
    const views = await Promise.all(all.map(tab => tab.app.open("canvas/b")));
    await patiently(() => all.every(tab => tab.app.status.state === "live"));
    const handles = all.flatMap((tab, n) =>
      Array.from({ length: 5 }, (_, m) => tab.app.append(painted("b", `${n},${m}`, `c${n}${m}`))),
    );
    await Promise.all(handles.map(handle => handle.confirmed));
    await patiently(
      () => views.every(view => view.version === count * 5),
      () => undefined,
      () => JSON.stringify([views.map(view => view.version), all.map(tab => tab.app.status)]),
    );
    const sequences = gateway.log.events.map(event => event.sequence);
    assert.deepEqual(
      sequences,
      Array.from({ length: count * 5 }, (_, n) => n + 1),
    );
    for (const view of views) assert.deepEqual(shown(view), shown(views[0]!));
    assert.equal(new Set(gateway.log.events.map(event => event.client)).size, 1, "one identity");
    assert.equal(streams(gateway), 1);
    for (const tab of all) await tab.app.close();
  });
}

test("what a tab stores while the leading one looks into the buffer is sent all the same", async () => {
  const gateway = new ModelGateway();
  const browser = new TestBrowser(gateway);
  const [one, two] = await tabs(browser, 2);
  await patiently(() => one!.app.status.state === "live" && two!.app.status.state === "live");
  gateway.log.admission = () => ({ code: "access-denied", status: 403 });
  await assert.rejects(two!.app.append(painted("b", "1,1", "refused")).confirmed);
  gateway.log.admission = () => undefined;
  one!.app.goOffline();
  await patiently(() => two!.app.status.state === "offline");

  // What the leading tab reads of the buffer reaches it late.
  const buffer = one!.app["buffer"];
  const contents = buffer.contents.bind(buffer);
  let letThrough: (() => void) | undefined;
  buffer.contents = async () => {
    const read = await contents();
    await new Promise<void>(resolve => (letThrough = resolve));
    return read;
  };
  const [rejected] = await two!.app.rejected();
  await two!.app.discardRejected(rejected!.id);
  await patiently(() => letThrough !== undefined);
  await two!.app.append(painted("b", "1,1", "red")).local;
  await patiently(() => one!.app.status.pending === 1);
  buffer.contents = contents;
  letThrough!();
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  one!.app.goOnline();
  await patiently(() => gateway.log.events.length === 1);
  await patiently(() => two!.app.status.pending === 0);
  for (const tab of [one!, two!]) await tab.app.close();
});

test("what one tab appends offline shows as pending in the others at once", async () => {
  const gateway = new ModelGateway();
  const [one, two] = await tabs(new TestBrowser(gateway), 2);
  const views = [await one!.app.open("canvas/b"), await two!.app.open("canvas/b")];
  await patiently(() => one!.app.status.state === "live" && two!.app.status.state === "live");
  two!.app.goOffline();
  await patiently(() => one!.app.status.state === "offline" && two!.app.status.state === "offline");
  await two!.app.append(painted("b", "1,1", "red")).local;
  await patiently(() => views[0]!.registers.get("1,1")?.pending === true);
  assert.equal(one!.app.status.pending, 1);
  one!.app.goOnline();
  await Promise.all([one!.app.whenSettled(), two!.app.whenSettled()]);
  await patiently(() => views.every(view => view.version === 1));
  assert.deepEqual(shown(views[1]!), [["1,1", "red", false]]);
  for (const tab of [one!, two!]) await tab.app.close();
});

test("signing in, in whichever tab, counts for the one that leads", async () => {
  const gateway = new ModelGateway();
  const browser = new TestBrowser(gateway);
  let signedIn: string | undefined;
  const options = { ...BOARD, auth: () => signedIn };
  const [one, two] = [await browser.open(options), await browser.open(options)];
  await patiently(() => one.app.status.state === "live" && two.app.status.state === "live");
  signedIn = "ada's token";
  two.app.authorized();
  await two.app.append(painted("b", "1,1", "red")).confirmed;
  assert.match(gateway.callsTo("/oauth/token").at(-1)!.body, /ada/);
  for (const tab of [one, two]) await tab.app.close();
});

test("when the leading tab closes or crashes, another leads and nothing is lost or doubled", async () => {
  for (const end of ["close", "crash"] as const) {
    const gateway = new ModelGateway();
    const [one, two, three] = await tabs(new TestBrowser(gateway), 3);
    const view = await three!.app.open("canvas/b");
    await patiently(() => three!.app.status.state === "live");
    let appended = 0;
    gateway.fault = call => (call.path.endsWith("/appends") && appended++ === 0 ? { kind: "answer-lost" } : undefined);
    const handles = [one, two, three].map((tab, n) => tab!.app.append(painted("b", `${n},0`, `c${n}`)));
    await Promise.all(handles.map(handle => handle.local));
    await patiently(() => gateway.callsTo("/appends").length > 0);
    if (end === "close") await one!.app.close();
    else one!.crash();
    await Promise.all([two!.app.whenSettled(), three!.app.whenSettled()]);
    await Promise.all(handles.slice(1).map(handle => handle.confirmed));
    await patiently(
      () => view.version === 3,
      () => undefined,
      () => JSON.stringify(three!.app.status),
    );
    assert.deepEqual(gateway.log.events.map(event => event.data).sort(), ["c0", "c1", "c2"]);
    await three!.app.append(painted("b", "9,9", "after")).confirmed;
    for (const tab of [two!, three!]) await tab.app.close();
  }
});

test("an append stored by a tab that crashed before it told the others is still pushed", async () => {
  const gateway = new ModelGateway();
  const [one, two] = await tabs(new TestBrowser(gateway), 2);
  await patiently(() => two!.app.status.state === "live");
  two!.freeze();
  await two!.app.append(painted("b", "1,1", "untold")).local;
  two!.crash();
  await one!.app.append(painted("b", "2,2", "red")).confirmed;
  assert.deepEqual(
    gateway.log.events.map(event => event.data),
    ["untold", "red"],
  );
  await one!.app.close();
});

test("a tab that is looked at takes the lead from a frozen one, which writes nothing more when it thaws", async () => {
  const gateway = new ModelGateway();
  const [one, two] = await tabs(new TestBrowser(gateway), 2);
  const views = [await one!.app.open("canvas/b"), await two!.app.open("canvas/b")];
  await patiently(() => one!.app.status.state === "live" && two!.app.status.state === "live");
  one!.freeze();
  one!.visible = false;
  const handle = two!.app.append(painted("b", "1,1", "red"));
  await handle.local;
  await patiently(
    () => two!.app.status.pending === 0 && two!.app.status.state === "live",
    () => {
      // While a request is on its way no time passes: what signs it takes time that this clock does not see.
      const waits = ["live", "backing-off"].includes(two!.app.status.state);
      if (waits) two!.client.clock.advance(LEADER_PING_MS / 20);
    },
    () => JSON.stringify(two!.app.status),
  );
  await handle.confirmed;
  assert.equal(gateway.log.events.length, 1);
  one!.thaw();
  await patiently(() => views.every(view => view.version === 1));
  await one!.app.append(painted("b", "2,2", "blue")).confirmed;
  await patiently(() => views.every(view => view.version === 2));
  assert.deepEqual(shown(views[0]!), shown(views[1]!));
  for (const tab of [one!, two!]) await tab.app.close();
});

test("a page in the back/forward cache gives the lead back, and goes on with what it missed", async () => {
  const gateway = new ModelGateway();
  const [one, two] = await tabs(new TestBrowser(gateway), 2);
  const views = [await one!.app.open("canvas/b"), await two!.app.open("canvas/b")];
  await one!.app.append(painted("b", "1,1", "red")).confirmed;
  await patiently(() => views.every(view => view.version === 1));
  const kept = one!.app.append(painted("b", "2,2", "on leaving"));
  const left = one!.app.tabs!.leave();
  await kept.local;
  const { confirmed } = two!.app.append(painted("b", "3,3", "blue"));
  await confirmed;
  await left;
  await patiently(() => views[1]!.version === 3 && two!.app.status.state === "live");
  const untold = one!.app.append(painted("b", "5,5", "while away"));
  await untold.local;
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  assert.equal(views[0]!.version, 1, "nothing is told to a page that is put away");
  await one!.app.tabs!.comeBack();
  await Promise.all([kept.confirmed, untold.confirmed]);
  await patiently(() => views[0]!.version === 4 && one!.app.status.state === "live");
  assert.deepEqual(shown(views[0]!), shown(views[1]!));
  await two!.app.close();
  await one!.app.append(painted("b", "4,4", "green")).confirmed;
  await patiently(() => views[0]!.version === 5);
  assert.deepEqual(gateway.log.events.map(({ data }) => data).sort(), [
    "blue",
    "green",
    "on leaving",
    "red",
    "while away",
  ]);
  await one!.app.close();
});

test("a leading tab whose term another page ends as it is shown again lets go of the lead", async () => {
  const gateway = new ModelGateway();
  const browser = new TestBrowser(gateway);
  const [one] = await tabs(browser, 1);
  await patiently(() => one!.app.status.state === "live");
  await one!.app.tabs!.leave();
  // The next term of this page is begun only when it is shown again: another one leads by then.
  const buffer = one!.app["buffer"];
  const lead = buffer.lead!.bind(buffer);
  let letThrough: (() => void) | undefined;
  buffer.lead = async () => {
    await new Promise<void>(resolve => (letThrough = resolve));
    await lead();
  };
  await one!.app.tabs!.comeBack();
  await patiently(() => letThrough !== undefined);
  const left = one!.app.tabs!.leave();
  buffer.lead = lead;
  const [two] = await tabs(browser, 1);
  await two!.app.append(painted("b", "1,1", "red")).confirmed;
  letThrough!();
  await left;
  await one!.app.tabs!.comeBack();
  const { confirmed } = two!.app.append(painted("b", "2,2", "blue"));
  await patiently(
    () => gateway.log.events.length === 2 && two!.app.status.pending === 0,
    () => two!.client.clock.advance(LEADER_PING_MS),
  );
  await confirmed;
  for (const tab of [one, two]) await tab!.app.close();
});

test("a page that is put away and was alone leads again when it is back, as often as that happens", async () => {
  const gateway = new ModelGateway();
  const [one] = await tabs(new TestBrowser(gateway), 1);
  const view = await one!.app.open("canvas/b");
  for (let time = 1; time <= 3; time++) {
    const handle = one!.app.append(painted("b", `${time}`, "red"));
    await one!.app.tabs!.leave();
    await handle.local;
    await one!.app.tabs!.comeBack();
    await handle.confirmed;
    await patiently(() => view.version === time && one!.app.status.state === "live");
  }
  assert.equal(gateway.log.events.length, 3);
  await one!.app.tabs!.leave();
  await one!.app.close();
});

test("a tab that opens an aggregate which the leading one has not open is followed for it", async () => {
  const gateway = new ModelGateway();
  const browser = new TestBrowser(gateway);
  const one = await browser.open(BOARD);
  await patiently(() => one.app.status.state === "live");
  const two = await browser.open({ aggregates: ["canvas/other"] });
  const view = await two.app.open("canvas/other");
  await one.app.append(painted("other", "1,1", "red")).confirmed;
  await patiently(() => view.version === 1);
  const seen: unknown[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const event of view.events({ signal: stop.signal })) seen.push(event.data);
  })();
  await patiently(() => seen.length === 1);
  await one.app.append(painted("other", "1,1", "blue")).confirmed;
  await patiently(() => seen.length === 2);
  assert.deepEqual(seen, ["red", "blue"]);
  stop.abort();
  await reading;
  for (const tab of [one, two]) await tab.app.close();
});

test("an append that is rejected is in the list of every tab, and retried in one it leaves all", async () => {
  const gateway = new ModelGateway();
  gateway.log.admission = (_client, event) =>
    event.data === "poison" ? { code: "access-denied", status: 403, done: "settled" } : undefined;
  const [one, two] = await tabs(new TestBrowser(gateway), 2);
  await patiently(() => one!.app.status.state === "live" && two!.app.status.state === "live");
  await assert.rejects(two!.app.append(painted("b", "1,1", "poison")).confirmed, /access-denied/);
  await patiently(() => one!.app.status.rejected === 1);
  const [rejected] = await one!.app.rejected();
  gateway.log.admission = () => undefined;
  await two!.app.retryRejected(rejected!.id).confirmed;
  await patiently(() => one!.app.status.rejected === 0 && two!.app.status.rejected === 0);
  for (const tab of [one!, two!]) await tab.app.close();
});

test("of two tabs that retry or discard one rejected append at once, one does, and the other is told", async () => {
  const gateway = new ModelGateway();
  gateway.log.admission = (_client, event) =>
    event.data === "poison" ? { code: "access-denied", status: 403, done: "settled" } : undefined;
  const [one, two] = await tabs(new TestBrowser(gateway), 2);
  await patiently(() => one!.app.status.state === "live" && two!.app.status.state === "live");
  const apps = [one!.app, two!.app];
  const retry = (app: Celeriant, id: string) => app.retryRejected(id, painted("b", "1,1", "red")).confirmed;
  const discard = (app: Celeriant, id: string) => app.discardRejected(id);
  for (const ways of [
    [retry, retry],
    [retry, discard],
    [discard, retry],
    [discard, discard],
  ]) {
    await assert.rejects(one!.app.append(painted("b", "1,1", "poison")).confirmed, /access-denied/);
    await patiently(() => apps.every(app => app.status.rejected === 1));
    const [{ id } = { id: "" }] = await two!.app.rejected();
    const before = gateway.log.events.length;
    const ends = await Promise.allSettled(ways.map((way, tab) => way(apps[tab]!, id)));
    assert.deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const refused = ends.find(end => end.status === "rejected");
    assert.match(String(refused?.reason), /RangeError: no rejected append has the id/);
    await Promise.all(apps.map(app => app.whenSettled()));
    await patiently(() => apps.every(app => app.status.rejected === 0));
    const retries = ends.filter(({ status }, tab) => status === "fulfilled" && ways[tab] === retry);
    assert.equal(gateway.log.events.length - before, retries.length);
  }
  for (const app of apps) await app.close();
});
