import assert from "node:assert/strict";
import { test } from "node:test";
import { pageText, readPage, type Registers } from "../../src/buffer/register-page.js";
import type { ConfirmedRegister } from "../../src/model.js";
import { LazyMap } from "../../src/state/lazy-map.js";

const PAGE: Registers = ["one", "one", "other", "other", "one"].map((client, at) => [
  `k${at}`,
  {
    data: at,
    client,
    type: at < 3 ? "set" : "moved",
    version: at + 1,
    position: at + 1,
    ...(at === 1 ? { time: "t" } : {}),
  },
]);

test("a page of registers is read as it was written, each as it was", () => {
  const registers = new LazyMap<ConfirmedRegister>();
  readPage(pageText(PAGE), registers);
  assert.deepEqual([...registers], PAGE);
  assert.deepEqual(
    [...registers.values()],
    PAGE.map(([, register]) => register),
  );
});

test("keys are known without the values, and what is read is read once", () => {
  const registers = new LazyMap<ConfirmedRegister>();
  readPage(`["k0","k1"]\nno JSON at all`, registers);
  assert.deepEqual([[...registers.keys()], registers.size, registers.has("k1")], [["k0", "k1"], 2, true]);
  assert.throws(() => registers.get("k0"), SyntaxError);
  readPage(pageText(PAGE), registers);
  assert.equal(registers.get("k3"), registers.get("k3"));
});

test("a page of one that was cleared takes it out, and a later one puts it in again", () => {
  const registers = new LazyMap<ConfirmedRegister>();
  readPage(pageText(PAGE), registers);
  readPage(pageText([["k1", null]]), registers);
  assert.equal(registers.has("k1"), false);
  readPage(pageText([PAGE[1]!]), registers);
  assert.deepEqual(registers.get("k1"), PAGE[1]![1]);
});
