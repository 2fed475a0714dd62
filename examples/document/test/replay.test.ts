import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { CHROMIUM } from "../src/replay/page-player.js";
import { JAVA_PLAYER, replay, type ReplayOptions, type ReplaySummary } from "../src/replay/replay.js";
import { GENERATED, openTrace, realTrace } from "../src/traces.js";

/** Bounds a replay that hangs; README says what one takes. */
const TIMEOUT_MS = 360_000;

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "celeriant-replay-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function replayed(trace: string, folder: string, of: Partial<ReplayOptions> = {}): Promise<ReplaySummary> {
  return replay({
    trace,
    folder: join(folder, "replay"),
    seed: 1,
    disturbed: true,
    longestBurst: 60,
    say: () => undefined,
    progress: () => undefined,
    ...of,
  });
}

/** What befalls two people on the way, in order. */
const ALL_MISHAPS = [
  "0 killed-offline",
  "0 killed-pushing",
  "0 gateway-killed",
  "0 killed-unanswered",
  "1 killed-unanswered",
  "1 killed-offline",
  "1 killed-pushing",
];

/** Two people, disturbed: both and a late reader reach the end, and the log has each append once. */
async function reachTheEnd(context: TestContext, path: string, of: Partial<ReplayOptions> = {}): Promise<void> {
  const { name, trace } = openTrace(path);
  context.diagnostic(`trace: ${name}`);
  const summary = await inFolder(folder => replayed(path, folder, of));
  context.diagnostic(JSON.stringify(summary));
  assert.deepEqual(summary.reached, [true, true, true]);
  assert.equal(summary.eventsInLog, trace.transactions.length);
  assert.ok(summary.offlineBursts >= 20, "people were offline");
  assert.ok(summary.unreadAnswers >= 2, "two answers, with at least one append each, were cut off after the commit");
  assert.deepEqual(
    summary.mishaps.map(({ person, kind }) => `${person} ${kind}`),
    ALL_MISHAPS,
  );
}

/** What is missing for a person on the Java client beside one in a browser. */
const MISSING = !existsSync(JAVA_PLAYER)
  ? `no ${JAVA_PLAYER}: README says what builds it`
  : CHROMIUM === undefined && "needs Chromium (Debian's package chromium)";

test(
  "one person on the Java client and one in a browser, both killed and cut off, reach the end of the trace",
  { timeout: TIMEOUT_MS, skip: MISSING },
  context => reachTheEnd(context, realTrace("friendsforever") ?? GENERATED, { java: [0], browser: [1] }),
);

test(
  "two people who type offline, are killed and cut off, and a late reader reach the end of the trace",
  { timeout: TIMEOUT_MS },
  context => reachTheEnd(context, GENERATED),
);

test("one author's trace, all of it typed offline, reaches its end", { timeout: TIMEOUT_MS }, async () => {
  const startContent = "🌿 start\n";
  const letters = Array.from({ length: 1_500 }, (_, at) => (at % 7 === 0 ? "é👩‍🚀" : "x"));
  const txns = letters.map((letter, at) => ({
    time: "2026-01-01T00:00:00Z",
    patches: [[at === 0 ? 0 : 1, 0, letter]],
  }));
  const [first = "", ...later] = letters;
  const [head = "", ...tail] = first;
  const endContent = [head, ...later.reverse(), ...tail, startContent].join("");
  await inFolder(async folder => {
    const path = join(folder, "one-author.json");
    await writeFile(path, JSON.stringify({ startContent, endContent, txns }));
    const summary = await replayed(path, folder, { longestBurst: Number.MAX_SAFE_INTEGER, disturbed: false });
    assert.deepEqual(summary.reached, [true, true]);
    assert.deepEqual([summary.eventsInLog, summary.offlineBursts, summary.syncs], [1_500, 1, 1]);
  });
});
