import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { historyOf, MAX_PEOPLE } from "../src/history.js";
import { parseTrace, TraceError } from "../src/trace.js";
import { loadTrace } from "../src/traces.js";

const step = (agent: number, parents: number[]) => ({ agent, parents, patches: [[0, 0, "a"]] });
const concurrent = (...txns: unknown[]) => parseTrace({ endContent: "", txns });

test("a trace without parents is one person's steps in sequence", () => {
  const trace = parseTrace({ startContent: "x", endContent: "x", txns: [{ patches: [] }, { patches: [] }] });
  assert.deepEqual(
    trace.transactions.map(({ parents }) => parents),
    [[], [0]],
  );
  assert.deepEqual(
    historyOf(trace).people.map(steps => steps.length),
    [2],
  );
});

test("the ancestors of a step are counts of everybody's steps", () => {
  const { people } = historyOf(concurrent(step(7, []), step(3, [0]), step(7, [0]), step(3, [2, 1])));
  assert.deepEqual(
    people.map(steps => steps.map(({ ancestors }) => ancestors)),
    [
      [[], [1]],
      [[1], [2, 1]],
    ],
  );
});

test("an author who forks from an older state of their own is two people", () => {
  const { people } = historyOf(concurrent(step(0, []), step(0, [0]), step(0, [0]), step(0, [1, 2])));
  assert.deepEqual(
    people.map(steps => steps.map(({ ancestors }) => ancestors)),
    [[[], [1], [2, 1]], [[1]]],
  );
});

test("more people than the limit are refused", () => {
  const forks = Array.from({ length: MAX_PEOPLE + 1 }, () => step(0, []));
  assert.throws(() => historyOf(concurrent(...forks)), /more than 16 people/);
});

test("a trace that is not one is refused with the place of the fault", () => {
  const patches = {
    endContent: "",
    txns: [
      {
        patches: [
          [0, 0, "a"],
          [-1, 0, "a"],
        ],
      },
    ],
  };
  assert.throws(() => parseTrace(patches), new TraceError("txns[0].patches[1] is not [position, deleted, inserted]"));
  assert.throws(() => concurrent(step(0, [0])), /txns\[0\].parents .* earlier transactions/);
  assert.throws(() => parseTrace({ endContent: "" }), /txns is missing/);
  assert.throws(() => parseTrace([]), /endContent is missing/);
  assert.throws(() => parseTrace(null), /the trace is not an object/);
});

test("a trace is read gzipped or plain", () => {
  const folder = mkdtempSync(join(tmpdir(), "celeriant-trace-"));
  try {
    const json = JSON.stringify({ endContent: "a", txns: [{ patches: [[0, 0, "a"]] }] });
    writeFileSync(join(folder, "plain.json"), json);
    writeFileSync(join(folder, "zipped.json.gz"), gzipSync(json));
    writeFileSync(join(folder, "text"), "not json");
    assert.deepEqual(loadTrace(join(folder, "plain.json")), loadTrace(join(folder, "zipped.json.gz")));
    assert.throws(() => loadTrace(join(folder, "text")), /is not JSON/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
