/** Who leads, by itself: locks as a browser gives them, or not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LEADER_PING_MS } from "../../src/limits.js";
import { Leadership } from "../../src/tabs/leadership.js";
import { patiently } from "../support/client.js";
import { TestClock } from "../support/test-clock.js";

test("a tab that cannot lead, its storage being gone, tries again only after a pause", async () => {
  const clock = new TestClock();
  let tries = 0;
  const leadership = new Leadership({
    name: "gone",
    clock,
    locks: { request: (_name, _options, work) => work() },
    lead: () => {
      tries++;
      return Promise.reject(new Error("the storage is gone"));
    },
    ping: () => undefined,
    visible: () => true,
  });
  const settled = async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
    return tries;
  };
  leadership.start();
  assert.equal(await settled(), 1);
  clock.advance(LEADER_PING_MS);
  assert.equal(await settled(), 2);
  await leadership.close();
});

test("a page that is shown again before it has let go of the lead queues once, and leads once", async () => {
  const clock = new TestClock();
  let [leading, most, begun] = [0, 0, 0];
  let last = Promise.resolve();
  const leadership = new Leadership({
    name: "one",
    clock,
    locks: { request: (_name, _options, work) => (last = last.catch(() => undefined).then(work)) },
    lead: async signal => {
      begun++;
      most = Math.max(most, ++leading);
      await new Promise(resolve => signal.addEventListener("abort", () => setImmediate(resolve)));
      leading--;
    },
    ping: () => undefined,
    visible: () => true,
  });
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
  };
  leadership.start();
  await settled();
  for (let time = 0; time < 3; time++) {
    void leadership.close();
    leadership.start();
  }
  await settled();
  assert.deepEqual([begun, leading, most, leadership.leading], [2, 1, 1, true]);
  await leadership.close();
  assert.deepEqual([begun, leading, leadership.leading], [2, 0, false]);
});

test("a page that is put away gives the lock back at once, though what it had begun ends when it is back", async () => {
  let isGiven = false;
  let back = () => {};
  const leadership = new Leadership({
    name: "one",
    clock: new TestClock(),
    locks: {
      request: async (_name, _options, work) => {
        await work().finally(() => (isGiven = true));
      },
    },
    lead: () => new Promise<void>(resolve => (back = resolve)),
    ping: () => undefined,
    visible: () => true,
  });
  leadership.start();
  await patiently(() => leadership.leading);
  let ended = false;
  const closed = leadership.close().then(() => (ended = true));
  await patiently(() => isGiven);
  assert.deepEqual([leadership.leading, ended], [false, false]);
  back();
  await closed;
});

test("a tab that is closed while it takes the lead away begins nothing with it", async () => {
  const clock = new TestClock();
  let take: (() => Promise<void>) | undefined;
  let begun = 0;
  const leadership = new Leadership({
    name: "stolen",
    clock,
    locks: {
      request: (_name, { signal, steal }, work) =>
        new Promise((resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason as Error));
          if (steal) take = () => work().then(resolve, (error: Error) => void setImmediate(() => reject(error)));
        }),
    },
    lead: () => {
      begun++;
      return Promise.reject(new Error("the storage is gone"));
    },
    ping: () => undefined,
    visible: () => true,
  });
  leadership.start();
  await patiently(
    () => take !== undefined,
    () => clock.advance(LEADER_PING_MS),
  );
  const closed = leadership.close();
  await take!().catch(() => undefined);
  await closed;
  assert.equal(begun, 0);
});

test("a browser that gives no locks is asked again only after a pause", async () => {
  const clock = new TestClock();
  let tries = 0;
  const leadership = new Leadership({
    name: "denied",
    clock,
    locks: { request: () => (++tries < 1_000 ? Promise.reject(new DOMException("denied")) : new Promise(() => {})) },
    lead: () => Promise.resolve(),
    ping: () => undefined,
    visible: () => true,
  });
  leadership.start();
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  assert.equal(tries, 1);
  clock.advance(LEADER_PING_MS);
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  assert.equal(tries, 2);
  await leadership.close();
});
