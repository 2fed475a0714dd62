/** Runs worlds by their seeds; a failing one says how to run it again. */
import { World, type Counts } from "./world.js";

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

/** Runs so many worlds from a seed on, and adds up what happened in them. */
export async function simulateMany(first: number, count: number): Promise<Counts> {
  const total: Counts = new Map();
  for (let seed = first; seed < first + count; seed++) {
    const { counts, scheduler } = await simulate(seed);
    for (const [what, times] of counts) total.set(what, (total.get(what) ?? 0) + times);
    total.set("steps", (total.get("steps") ?? 0) + scheduler.steps);
  }
  return total;
}
