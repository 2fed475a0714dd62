import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordedEvent } from "celeriant";
import type { History } from "../src/history.js";
import { checkLog } from "../src/replay/log-check.js";

const step = { patches: [], ancestors: [] };
const history: History = { startContent: "", endContent: "", people: [[step, step], [step]], hasSurrogates: false };

function log(...of: (readonly [client: string, sequence: number, version?: number])[]): RecordedEvent[] {
  return of.map(([client, sequence, version], at) => ({
    id: `event-${at}`,
    append: `append-${at}`,
    aggregate: "document/d",
    type: "updated",
    client,
    sequence,
    version: version ?? at + 1,
    position: 10 + at,
    recordedAt: "2026-01-01T00:00:00Z",
  }));
}

const check = (events: RecordedEvent[]) => checkLog(events, "document/d", ["one", "two"], history);

test("a log with each append once, in each client's order, passes", () => {
  check(log(["one", 1], ["two", 1], ["one", 2]));
});

test("an append that is there twice, out of order, missing or not of this is found", () => {
  const faults: [RecordedEvent[], RegExp][] = [
    [log(["one", 1], ["one", 1], ["two", 1]), /event 2 .* sequence 1, not 2/],
    [log(["one", 2], ["one", 1], ["two", 1]), /event 1 .* sequence 2, not 1/],
    [log(["one", 1], ["two", 1]), /1 appends of person 0, who has 2 steps/],
    [log(["one", 1], ["one", 2], ["two", 1], ["two", 2]), /2 appends of person 1, who has 1 steps/],
    [log(["one", 1], ["three", 1]), /by three, who are no part/],
    [log(["one", 1], ["two", 1, 3]), /version 3, not 2/],
  ];
  for (const [events, message] of faults) assert.throws(() => check(events), message);
});

test("positions that do not rise are found", () => {
  const [first, second] = log(["one", 1], ["one", 2]);
  assert.ok(first !== undefined && second !== undefined);
  assert.throws(() => check([first, { ...second, position: first.position }]), /does not come behind position 10/);
});
