import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as Y from "yjs";
import { generateTrace } from "../src/generator.js";
import { historyOf } from "../src/history.js";
import { Person } from "../src/person.js";
import { prepare, readPrepared } from "../src/prepared.js";
import { Seeded } from "../src/seeded.js";
import { applyPatches, documentWith, preparedYjsClient, textOf } from "../src/text.js";
import { parseTrace, type Trace } from "../src/trace.js";
import { GENERATED, openTrace, realTrace } from "../src/traces.js";
import { peopleOf, typeTogether } from "./typing.js";

/** Yjs merges in a time that grows with the square of the number of updates: by halves it is quick. */
function merged(updates: readonly Uint8Array[]): Uint8Array {
  if (updates.length <= 64) return Y.mergeUpdates([...updates]);
  const half = updates.length >> 1;
  return Y.mergeUpdates([merged(updates.slice(0, half)), merged(updates.slice(half))]);
}

/** The text of a document that has seen nothing before and takes the updates in this order. */
function readInOrder(startContent: string, updates: readonly Uint8Array[]): string {
  const document = documentWith(startContent);
  Y.applyUpdate(document, merged(updates));
  return textOf(document).toString();
}

function assertConverges(trace: Trace, random: Seeded): void {
  const history = historyOf(trace);
  const people = peopleOf(history);
  const sent = typeTogether(people);
  assert.equal(sent.length, trace.transactions.length);
  people.forEach(person => assert.equal(person.content, trace.endContent));
  const updates = sent.map(({ update }) => update);
  assert.equal(readInOrder(trace.startContent, random.shuffled(updates)), trace.endContent);
}

for (const name of ["friendsforever", "sveltecomponent", "automerge-paper"]) {
  const path = realTrace(name);
  if (path !== undefined) {
    test(`the people of ${name} and a reader in any order reach its end`, () => {
      assertConverges(openTrace(path).trace, new Seeded(1));
    });
  }
}

test("the people of a generated trace and a reader in any order reach its end", context => {
  context.diagnostic(openTrace(GENERATED).name);
  assertConverges(openTrace(GENERATED).trace, new Seeded(1));
});

test("a generated trace has forks, merges and code points beyond UTF-16's units", () => {
  const { transactions } = openTrace(GENERATED).trace;
  assert.ok(transactions.filter(({ parents }) => parents.length > 1).length > 100);
  const parents = transactions.flatMap(transaction => transaction.parents);
  assert.ok(parents.length - new Set(parents).size > 100);
  assert.ok(historyOf(openTrace(GENERATED).trace).hasSurrogates);
});

test("two hundred small generated traces of two to five people converge, update by update in any order", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const trace = parseTrace(generateTrace({ seed, people: 2 + (seed % 4), transactions: 60 }));
    const people = peopleOf(historyOf(trace));
    const sent = typeTogether(people);
    people.forEach(person => assert.equal(person.content, trace.endContent, `seed ${seed}`));
    const reader = documentWith(trace.startContent);
    new Seeded(seed).shuffled(sent).forEach(({ update }) => Y.applyUpdate(reader, update));
    assert.equal(textOf(reader).toString(), trace.endContent, `seed ${seed}`);
  }
});

test("the same seed generates the same trace", () => {
  const options = { seed: 5, people: 3, transactions: 50 };
  assert.deepEqual(generateTrace(options), generateTrace(options));
  assert.notDeepEqual(generateTrace(options), generateTrace({ ...options, seed: 6 }));
});

test("a person who starts again takes what was recorded, whatever comes first, and goes on", () => {
  const history = historyOf(parseTrace(generateTrace({ seed: 9, people: 2, transactions: 200 })));
  const [first, second] = peopleOf(history);
  assert.ok(first !== undefined && second !== undefined);
  const recorded = 40;
  const sent = typeTogether([first, second], person => person !== first || person.taken < recorded);
  const again = new Person(history, 0, recorded);
  assert.equal(again.canStep, false, "an own step that is recorded is not written anew");
  [...sent].reverse().forEach(({ from, sequence, update }) => again.receive(from, sequence, update));
  for (let taken = 0; taken < recorded; taken++) assert.equal(again.step(), undefined);
  typeTogether([again, second]);
  assert.equal(again.content, history.endContent);
  assert.equal(second.content, history.endContent);
});

test("what is prepared for a person is what they write, after a restart, too", async () => {
  const history = historyOf(parseTrace(generateTrace({ seed: 9, people: 3, transactions: 300 })));
  const folder = await mkdtemp(join(tmpdir(), "celeriant-prepared-"));
  try {
    await prepare(history, folder);
    const prepared = history.people.map((_, self) => readPrepared(folder, self));
    assert.equal(await readFile(join(folder, "content"), "utf8"), history.endContent);
    for (const recorded of [0, 40]) {
      const people = history.people.map((_, self) => new Person(history, self, recorded, preparedYjsClient(self)));
      const all = prepared.flatMap((updates, from) =>
        updates.map((update, at) => ({ from, sequence: at + 1, update })),
      );
      const known = all.filter(({ sequence }) => sequence <= recorded);
      for (const { from, sequence, update } of new Seeded(recorded).shuffled(known)) {
        people.forEach(person => person.receive(from, sequence, update));
      }
      const sent = typeTogether(people);
      assert.equal(sent.length, all.length - known.length);
      for (const { from, sequence, update } of sent)
        assert.deepEqual(Buffer.from(update), prepared[from]?.[sequence - 1]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("an update that comes again must be the same, and one beyond the history is refused", () => {
  const person = new Person(historyOf(openTrace(GENERATED).trace), 0, 0);
  person.receive(1, 2, Uint8Array.of(1));
  person.receive(1, 2, Uint8Array.of(1));
  assert.throws(() => person.receive(1, 2, Uint8Array.of(2)), /sequence 2 of person 1 came twice, and differs/);
  assert.throws(() => person.receive(1, 100_000, Uint8Array.of(1)), /is not one of the/);
});

test("a step before its ancestors is refused", () => {
  const history = historyOf(
    parseTrace({
      endContent: "ab",
      txns: [
        { agent: 0, parents: [], patches: [[0, 0, "a"]] },
        { agent: 1, parents: [0], patches: [[1, 0, "b"]] },
      ],
    }),
  );
  const person = new Person(history, 1, 0);
  assert.equal(person.canStep, false);
  assert.throws(() => person.step(), /step 0 cannot be taken yet/);
});

test("a patch beyond the end of the text is refused", () => {
  const text = textOf(documentWith("🌿ab"));
  assert.throws(() => applyPatches(text, [[2, 2, ""]], true), /goes beyond the end/);
  applyPatches(
    text,
    [
      [1, 1, "x"],
      [0, 1, ""],
    ],
    true,
  );
  assert.equal(text.toString(), "xb");
});
