/**
 * Seeded worlds. `SIMULATION_SEED` runs one again; `SIMULATION_SEEDS` (how many) and `SIMULATION_FIRST` (from which on)
 * run others than the usual ones, a million, say.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate, simulateMany } from "./simulation.js";

const { SIMULATION_SEED: seed, SIMULATION_SEEDS: seeds = "10000", SIMULATION_FIRST: first = "1" } = process.env;

test("whatever goes wrong, nothing is lost or doubled, and all clients show the same in the end", async t => {
  if (seed !== undefined) {
    await simulate(Number(seed));
    return;
  }
  const begin = performance.now();
  const counts = await simulateMany(Number(first), Number(seeds));
  const took = (performance.now() - begin) / Number(seeds);
  t.diagnostic(`${seeds} seeds from ${first}, ${took.toFixed(2)} ms each: ${JSON.stringify([...counts])}`);
  for (const trouble of ["clone", "restore", "week", "client-forked", "log-diverged", "revoked", "granted"]) {
    assert.ok(Number(seeds) < 1_000 || (counts.get(trouble) ?? 0) > 0, trouble);
  }
});

/** Worlds that once found a fault, and which. */
const FOUND: readonly (readonly [number, string])[] = [
  [100263, "the log went back between an aggregate's state and its events"],
  [101229, "the buffer was full when what another log said was to be dropped"],
  [106070, "the buffer was full when an aggregate was hidden and shown again"],
  [201922, "a snapshot of a log that went back was published late"],
  [104070, "a state was of a log that went back before the stream began"],
  [108515, "an aggregate that was said not to be seen showed all the same"],
  [164, "a log that lost appends and grew again told a hash beyond them"],
  [1106, "the last aggregate was closed while it was being read, and the client never became live"],
  [101943, "what was settled before a fork was shown though the new identity may not see it"],
];

for (const [found, fault] of FOUND) test(`${fault} (seed ${found})`, async () => void (await simulate(found)));
