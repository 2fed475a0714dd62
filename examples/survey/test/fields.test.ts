import assert from "node:assert/strict";
import { test } from "node:test";
import type { AppliedEvent, JsonValue } from "celeriant";
import { dataOf, fieldOf, FIELDS, progressOf, writtenOf } from "../src/fields.js";
import { withEvent, type Change } from "../src/history.js";

test("what a field holds is written so that it comes to the same again", () => {
  const held: Record<string, JsonValue> = { name: "A", condition: "poor", crack: 2.5, notes: "a\nb", done: true };
  for (const field of FIELDS) {
    const data = held[field.key] ?? null;
    assert.deepEqual(dataOf(field, writtenOf(field, data)), field.control === "tick" ? data === true : data);
  }
});

test("a number is taken with a comma, too, and what is none stays as it was written", () => {
  const crack = fieldOf("crack")!;
  assert.equal(dataOf(crack, " 2,5 "), 2.5);
  assert.equal(dataOf(crack, "two or three"), "two or three");
  assert.equal(dataOf(crack, ""), null);
});

test("a site is to do, started by any field but its name, and done when somebody says so", () => {
  const registers = (data: Record<string, JsonValue>) =>
    new Map(Object.entries(data).map(([key, value]) => [key, { data: value }] as const));
  assert.equal(progressOf(registers({ name: "A" })), "to do");
  assert.equal(progressOf(registers({ name: "A", crack: 0 })), "started");
  assert.equal(progressOf(registers({ name: "A", crack: 0, done: true })), "done");
  assert.equal(progressOf(registers({ name: "A", crack: null, done: false })), "to do");
});

test("the history of a field says who set it and whose value that replaced, in the order of the log", () => {
  const event = (key: string, data: JsonValue, client: string, version: number): AppliedEvent => ({
    ...{ aggregate: "site/1", type: "t", key, data, client, version, position: version, pending: false },
    ...{ id: `${version}`, append: `${version}`, recordedAt: "2026-01-01T12:00:00Z" },
  });
  const events = [event("condition", "good", "ada", 1), event("photo/1", null, "ada", 2), event("crack", 3, "bob", 3)];
  const mine: AppliedEvent = { aggregate: "site/1", type: "t", key: "condition", data: "poor", pending: true };
  const changes = [...events, event("condition", "fair", "bob", 4), mine].reduce<readonly Change[]>(withEvent, []);
  const told = changes.map(({ field, before, data, replaced, client }) => [field.key, before, data, replaced, client]);
  assert.deepEqual(told, [
    ["condition", null, "good", undefined, "ada"],
    ["crack", null, 3, undefined, "bob"],
    ["condition", "good", "fair", "ada", "bob"],
    ["condition", "fair", "poor", "bob", undefined],
  ]);
});
