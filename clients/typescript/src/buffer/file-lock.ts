/**
 * Keeps a second process off a file buffer. The lock is a file that names its holder by process id and, where the
 * system tells it, by the time that process was started, so that a number used again is not taken for the holder.
 * A holder that died leaves its file; the next one finds it dead and takes its place.
 */
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { BufferInUseError } from "./local-buffer.js";

export interface FileLock {
  release(): Promise<void>;
}

const heldHere = new Set<string>();

export async function lockFile(path: string): Promise<FileLock> {
  if (heldHere.has(path)) throw new BufferInUseError(`${path}: this process has it open already`);
  heldHere.add(path);
  const mine = `${path}.${randomUUID()}`;
  try {
    await writeFile(mine, await nameOf(process.pid), { flag: "wx", mode: 0o600 });
    await take(path, mine);
  } catch (error) {
    heldHere.delete(path);
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
  return {
    async release() {
      heldHere.delete(path);
      await rm(path, { force: true });
    },
  };
}

/** `link` fails when the lock exists: of several that try at once, one wins. */
async function take(path: string, mine: string): Promise<void> {
  if (await linked(mine, path)) return;
  const holder = await contentOf(path);
  if (holder !== undefined && (await isAlive(holder))) {
    throw new BufferInUseError(`${path}: held by process ${holder.split(" ")[0]}`);
  }
  const stale = `${mine}.stale`;
  await rename(path, stale).catch(() => undefined);
  const moved = await contentOf(stale);
  if (moved !== undefined && moved !== holder) await linked(stale, path);
  await rm(stale, { force: true });
  if (!(await linked(mine, path))) throw new BufferInUseError(`${path}: another process took it just now`);
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}

async function isAlive(holder: string): Promise<boolean> {
  const pid = Number(holder.split(" ")[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  // One of this thread's would be known; one of another thread's is told from one of a former process by its start.
  if (pid === process.pid && !holder.includes(" ")) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return (await nameOf(pid)) === holder;
}

/** `pid startTime`; the start time is left out where /proc does not tell it. */
async function nameOf(pid: number): Promise<string> {
  const stat = await contentOf(`/proc/${pid}/stat`);
  if (stat === undefined) return `${pid}`;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  return state === "Z" ? `${pid} ended` : `${pid} ${startTime}`;
}
