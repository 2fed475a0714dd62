/** A thread that runs worlds for `simulateMany`. */
import { parentPort } from "node:worker_threads";
import { simulate, type Answer, type Work } from "./simulation.js";
import type { Counts } from "./world.js";

// Worlds are full of errors, and nobody reads where these were made.
Error.stackTraceLimit = 0;

async function run({ first, end }: Work): Promise<Answer> {
  const counts: Counts = new Map();
  const add = (what: string, times: number) => counts.set(what, (counts.get(what) ?? 0) + times);
  for (let seed = first; seed < end; seed++) {
    try {
      const world = await simulate(seed);
      for (const [what, times] of world.counts) add(what, times);
      add("steps", world.scheduler.steps);
    } catch (error) {
      return { counts, failure: (error as Error).message };
    }
  }
  return { counts };
}

parentPort?.on("message", (work: Work) => void run(work).then(answer => parentPort?.postMessage(answer)));
