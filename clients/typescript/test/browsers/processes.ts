/** The process that runs a tab's page, found by its work, for browsers that cannot freeze or crash a tab. */
import { readdirSync, readFileSync } from "node:fs";
import type { Tab } from "./engine.js";

const WORK = "for (const end = performance.now() + 1000; performance.now() < end; );";
/** One that is stopped within a transaction keeps its store from all others: it gets time for what it has to do. */
const REST = "await new Promise(resolve => setTimeout(resolve, 1000));";
/** In ticks; twice what any other did, for others have work of their own at times. */
const DOES_MOST = 15;
/** A page gets less of a machine that others work on, too. */
const ROUNDS_MAX = 30;

/** Freezes, thaws and crashes a tab of the browser whose processes descend from `root`. */
export function endsOf(root: number, tab: Tab): Required<Pick<Tab, "freeze" | "thaw" | "crash">> {
  let page: number | undefined;
  const signal = async (name: "SIGSTOP" | "SIGKILL") => {
    page = await processOf(root, tab);
    await tab.run(REST);
    process.kill(page, name);
  };
  return {
    freeze: () => signal("SIGSTOP"),
    crash: () => signal("SIGKILL"),
    thaw: () => Promise.resolve(void process.kill(page!, "SIGCONT")),
  };
}

/** The one below `root` that is busy while the page is. */
async function processOf(root: number, tab: Tab): Promise<number> {
  const before = ticksBelow(root);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    await tab.run(WORK);
    const [[found, most] = [0, 0], [, next] = [0, 0]] = [...ticksBelow(root)]
      .map(([pid, ticks]) => [pid, ticks - (before.get(pid) ?? 0)] as const)
      .sort(([, one], [, other]) => other - one);
    if (most >= DOES_MOST && most >= 2 * next) return found;
  }
  throw new Error(`no process below ${root} does the work of the page`);
}

/** Processor time so far, in hundredths of a second, by process. */
function ticksBelow(root: number): Map<number, number> {
  const all = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
    const fields = statOf(name);
    if (fields !== undefined) all.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) });
  }
  const below = (pid: number): boolean => {
    const parent = all.get(pid)?.parent;
    return parent === root || (parent !== undefined && below(parent));
  };
  return new Map([...all].filter(([pid]) => below(pid)).map(([pid, { ticks }]) => [pid, ticks]));
}

/** The fields behind the name, which may hold anything, brackets and spaces too; undefined when it has ended. */
function statOf(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
