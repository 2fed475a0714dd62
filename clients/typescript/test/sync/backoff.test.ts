import assert from "node:assert/strict";
import { test } from "node:test";
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS } from "../../src/limits.js";
import { Backoff } from "../../src/sync/backoff.js";

const waits = (random: () => number, count: number) => {
  const backoff = new Backoff(random);
  return Array.from({ length: count }, () => backoff.next());
};

test("the wait doubles from 250 ms to 30 s, and lies between half of that and all of it, evenly", () => {
  const longest = Array.from({ length: 100 }, (_, n) => Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** n));
  assert.deepEqual(longest.slice(0, 9), [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  const shortest = longest.map(ms => ms / 2);
  assert.deepEqual(
    waits(() => 0, 100),
    shortest,
  );
  assert.deepEqual(
    waits(() => 0.5, 100),
    longest.map(ms => ms * 0.75),
  );
  const almostOne = 1 - 2 ** -32;
  for (const [n, wait] of waits(() => almostOne, 100).entries()) {
    assert.ok(wait < longest[n]! && wait > longest[n]! * 0.999_999, `${n}: ${wait}`);
  }
  // Of clients whose chances lie evenly a tenth comes back in each tenth of the time.
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let client = 0; client < 1_000; client++) {
    const [wait] = waits(() => client / 1_000, 1);
    tenths[Math.floor(((wait! - 125) / 125) * 10)]!++;
  }
  assert.deepEqual(tenths, Array(10).fill(100));
});

test("the wait is never shorter than the gateway asked for, up to an hour, and begins anew after a success", () => {
  const backoff = new Backoff(() => 0);
  assert.equal(backoff.next(5_000), 5_000);
  assert.equal(backoff.next(100), 250);
  assert.equal(backoff.next(60_000), 60_000);
  assert.equal(backoff.next(2 ** 40), 3_600_000);
  backoff.reset();
  assert.equal(backoff.next(), 125);
});
