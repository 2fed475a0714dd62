import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { memoryBuffer } from "../../src/buffer/memory.js";
import type { Celeriant } from "../../src/celeriant.js";
import type { AggregateView } from "../../src/view.js";
import { accessOf, redeem } from "../../src/access.js";
import { clientOf, painted, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

const REASON = new Error("the page was left");
type Wait = (app: Celeriant, signal: AbortSignal, view: AggregateView) => Promise<unknown>;

/** Waits for the state of the client, which come to nothing as long as the gateway is not reached. */
const ON_THE_STATE: Readonly<Record<string, Wait>> = {
  whenSettled: (app, signal) => app.whenSettled({ signal }),
  whenLive: (app, signal) => app.whenLive({ signal }),
  whenConfirmed: (app, signal) => app.append(painted("b", "1,1", "red")).whenConfirmed({ signal }),
};
const ON_AN_ANSWER: Readonly<Record<string, Wait>> = {
  me: (app, signal) => app.me(signal),
  readEvents: (app, signal) => app.readEvents("canvas/b", { signal }).next(),
  putPresence: (app, signal) => app.putPresence("canvas/b", "here", { signal }),
  appendExpecting: (app, signal) => app.appendExpecting(painted("c", "1,1", "red"), { "canvas/c": 0 }, signal),
  publishSnapshot: (app, signal) => app.publishSnapshot("canvas/b", { version: 1, data: 1 }, signal),
  redeem: (app, signal) => redeem(app, "secret", signal),
  "access.read": (app, signal) => accessOf(app, "canvas/b").read(signal),
};

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;
const someTurns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
};

/** A gateway that can be told to leave every request without an answer. */
class SilentGateway extends ModelGateway {
  silent = true;
  asked = 0;

  readonly answering = (url: string, init: RequestInit): Promise<Response> => {
    this.asked++;
    if (!this.silent) return this.fetch(url, init);
    return new Promise((_, reject) => {
      const { signal } = init;
      signal!.addEventListener("abort", () => reject(signal!.reason as Error), { once: true });
    });
  };
}

async function rejectsWithReason(wait: Promise<unknown>, signal: AbortSignal, name: string): Promise<void> {
  await assert.rejects(wait, error => error === REASON, name);
  assert.equal(listeners(signal), 0, `${name}: nothing is left on the signal`);
}

for (const [name, wait] of Object.entries({ ...ON_THE_STATE, ...ON_AN_ANSWER })) {
  test(`${name} ends with the signal's reason, before or meanwhile; afterwards nothing comes of it`, async () => {
    const gateway = new SilentGateway();
    const { app } = await clientOf(gateway, { fetch: gateway.answering });
    const view = await app.open("canvas/b");
    const pending = app.append(painted("b", "0,0", "red"));
    await pending.local;
    const before = AbortSignal.abort(REASON);
    await rejectsWithReason(wait(app, before, view), before, name);
    const during = new AbortController();
    const waiting = wait(app, during.signal, view);
    waiting.catch(() => undefined);
    await patiently(() => listeners(during.signal) > 0);
    during.abort(REASON);
    await rejectsWithReason(waiting, during.signal, name);

    gateway.silent = false;
    gateway.extension = ({ path }) =>
      /\/(presence|redeem|access)$/.test(path) ? Response.json({ level: "owner" }) : undefined;
    app.goOffline();
    app.goOnline();
    await pending.confirmed;
    const afterwards = new AbortController();
    await wait(app, afterwards.signal, view);
    assert.equal(listeners(afterwards.signal), 0, `${name}: nothing is left on the signal`);
    afterwards.abort(REASON);
    await app.append(painted("b", "2,2", "blue")).confirmed;
    await app.close();
  });
}

test("an append whose waiting is given up is durable and reaches the log all the same, once", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway, { online: false });
  const before = app.append(painted("b", "0,0", "before"));
  await assert.rejects(before.whenLocal({ signal: AbortSignal.abort(REASON) }), error => error === REASON);
  const during = new AbortController();
  const handle = app.append(painted("b", "1,1", "during"));
  const waits = [handle.whenLocal({ signal: during.signal }), handle.whenConfirmed({ signal: during.signal })];
  during.abort(REASON);
  for (const wait of waits) await rejectsWithReason(wait, during.signal, "the handle");
  assert.equal((await handle.local).sequence, 2);
  assert.equal((await handle.whenLocal()).sequence, 2);
  app.goOnline();
  await Promise.all([before.confirmed, handle.whenConfirmed()]);
  await until(() => app.status.pending === 0);
  assert.deepEqual(
    gateway.log.events.map(event => event.data),
    ["before", "during"],
  );
  await app.close();
});

test("events end without an error when the signal is aborted: before, while waiting, and between two", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway);
  const view = await app.open("canvas/b");
  for (const key of ["1", "2", "3"]) await app.append(painted("b", key, "red")).confirmed;
  const read = async (signal: AbortSignal, each: (seen: number) => void = () => undefined) => {
    let seen = 0;
    for await (const event of view.events({ signal })) each((seen = event.version));
    return seen;
  };
  assert.equal(await read(AbortSignal.abort(REASON)), 0);
  assert.equal(app["aggregates"].get("canvas/b")!.wanted, "none", "nothing is fetched for one who wants nothing");
  const between = new AbortController();
  assert.equal(await read(between.signal, seen => seen === 2 && between.abort(REASON)), 2);
  const waiting = new AbortController();
  let last = 0;
  const reading = read(waiting.signal, seen => (last = seen));
  await until(() => last === 3 && listeners(waiting.signal) === 1);
  waiting.abort(REASON);
  assert.equal(await reading, 3);
  for (const { signal } of [between, waiting]) assert.equal(listeners(signal), 0);
  const { size } = app["aggregates"].get("canvas/b")!.advanced["listeners"];
  assert.equal(size, 0);
  await app.close();
});

test("connecting that is given up leaves the buffer free; once connected, the signal means nothing", async () => {
  const gateway = new ModelGateway();
  for (const moment of ["before", "during"]) {
    const buffer = memoryBuffer();
    const open = buffer.open.bind(buffer);
    const close = buffer.close.bind(buffer);
    let [opened, closed] = [0, 0];
    let go = () => {};
    const held = new Promise<void>(resolve => (go = resolve));
    buffer.open = async newIdentity => {
      opened++;
      await held;
      return await open(newIdentity);
    };
    buffer.close = async () => {
      closed++;
      await close();
    };
    const stop = new AbortController();
    if (moment === "before") stop.abort(REASON);
    const connecting = clientOf(gateway, { buffer, signal: stop.signal });
    if (moment === "during") {
      await patiently(() => opened === 1);
      stop.abort(REASON);
    }
    await rejectsWithReason(connecting, stop.signal, "connect");
    go();
    const expected = moment === "before" ? 0 : 1;
    await patiently(() => closed === expected);
    assert.deepEqual([opened, closed], [expected, expected]);
  }
  const later = new AbortController();
  const { app } = await clientOf(gateway, { signal: later.signal });
  assert.equal(listeners(later.signal), 0);
  later.abort(REASON);
  await app.append(painted("b", "1,1", "red")).confirmed;
  await app.close();
});

test("an aggregate whose opening is given up is not followed, and is there for who opens it too", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway);
  const stop = new AbortController();
  await assert.rejects(app.open("canvas/b", { signal: AbortSignal.abort(REASON) }), error => error === REASON);
  const givenUp = app.open("canvas/b", { signal: stop.signal });
  stop.abort(REASON);
  await rejectsWithReason(givenUp, stop.signal, "open");
  await someTurns();
  assert.deepEqual(app["aggregates"].names(), []);

  const again = new AbortController();
  const other = app.open("canvas/b", { signal: again.signal });
  const view = app.open("canvas/b");
  again.abort(REASON);
  await assert.rejects(other);
  await app.append(painted("b", "1,1", "red")).confirmed;
  const { open: kept } = await view;
  assert.equal(app["aggregates"].get("canvas/b"), kept);
  await patiently(() => kept.confirmed.version === 1);
  await app.close();
});

test("an aggregate that is opened in the moment when its last view is closed is open, and followed", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway);
  const former = await app.open("canvas/b");
  const opening = app.open("canvas/b");
  former.close();
  const view = await opening;
  assert.deepEqual(app["aggregates"].names(), ["canvas/b"]);
  await app.append(painted("b", "1,1", "red")).confirmed;
  await patiently(() => view.version === 1);
  await app.close();
});

test("who waits for a token gives up as well: a sign-in that never ends holds nobody, nor a close", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway, { auth: () => new Promise<string>(() => undefined) });
  const stop = new AbortController();
  const asked = app.me(stop.signal);
  await patiently(() => listeners(stop.signal) > 0);
  stop.abort(REASON);
  await rejectsWithReason(asked, stop.signal, "me");
  await app.close();
});

test("a client that is closed says so, whatever is asked of it", async () => {
  const { app } = await clientOf(new ModelGateway(), { online: false });
  await app.close();
  const closed = { name: "Error", message: "the client is closed" };
  assert.throws(() => app.append(painted("b", "1,1", "red")), closed);
  assert.throws(() => app.retryRejected("a1"), closed);
  await assert.rejects(app.discardRejected("a1"), closed);
  await assert.rejects(app.open("canvas/b"), closed);
});

test("a client that is closed leaves nobody waiting", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway, { online: false });
  const view = await app.open("canvas/b");
  const handle = app.append(painted("b", "1,1", "red"));
  const stop = new AbortController();
  const { signal } = stop;
  const waits = [app.whenSettled({ signal }), app.whenLive({ signal }), handle.whenConfirmed({ signal })];
  for (const wait of waits) wait.catch(() => undefined);
  const reading = view.events({ signal }).next();
  await someTurns();
  await app.close();
  for (const wait of [...waits, app.whenSettled(), app.whenLive()]) await assert.rejects(wait, /the client is closed/);
  assert.equal((await reading).done, true);
  assert.equal((await handle.local).sequence, 1);
  assert.equal(listeners(signal), 0);
});
