/** Runs worlds by their seeds; a failing one says how to run it again. */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import "./abort.js";
import { World, type Counts } from "./world.js";

/** Worlds from `first` up to, and without, `end`. */
export interface Work {
  readonly first: number;
  readonly end: number;
}

export interface Answer {
  readonly counts: Counts;
  readonly failure?: string;
}

const SEEDS_AT_ONCE = 20;

/** Runs one world; the error of a failing one names the command that replays it. */
export async function simulate(seed: number): Promise<World> {
  const world = new World(seed);
  try {
    await world.run();
  } catch (error) {
    const command = `npm run build && SIMULATION_SEED=${seed} node --test dist/test/simulation/simulation.test.js`;
    throw new Error(`seed ${seed}: ${(error as Error).message}\nreplay (in clients/typescript): ${command}`, {
      cause: error,
    });
  }
  return world;
}

/** Runs so many worlds from a seed on, on every processor, and adds up what happened in them. */
export async function simulateMany(first: number, count: number): Promise<Counts> {
  const total: Counts = new Map();
  const seeds = { next: first, end: first + count };
  await Promise.all(Array.from({ length: availableParallelism() }, () => employ(seeds, total)));
  return total;
}

/** Gives one thread seeds as long as there are any. */
async function employ(seeds: { next: number; readonly end: number }, total: Counts): Promise<void> {
  // Worlds leave much behind that is young: with more room for it, less of it is looked through.
  const resourceLimits = { maxYoungGenerationSizeMb: 768 };
  const worker = new Worker(new URL("./worker.js", import.meta.url), { resourceLimits });
  try {
    while (seeds.next < seeds.end) {
      const first = seeds.next;
      seeds.next = Math.min(first + SEEDS_AT_ONCE, seeds.end);
      const answer = once(worker, "message") as Promise<[Answer]>;
      worker.postMessage({ first, end: seeds.next } satisfies Work);
      const [{ counts, failure }] = await answer;
      if (failure !== undefined) throw new Error(failure);
      for (const [what, times] of counts) total.set(what, (total.get(what) ?? 0) + times);
    }
  } finally {
    // The others stop, too.
    seeds.next = seeds.end;
    await worker.terminate();
  }
}
