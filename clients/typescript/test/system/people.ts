/** Clients on real time and a real gateway, and patience that ends. */
import { connect } from "../../src/connect.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import type { Celeriant } from "../../src/celeriant.js";
import type { ConnectOptions } from "../../src/connect-options.js";

const PATIENCE_MS = 120_000;

const open = new Set<Celeriant>();

export async function person(url: string, org: string, options: Partial<ConnectOptions> = {}): Promise<Celeriant> {
  const app = await connect({ url, org, buffer: memoryBuffer(), ...options });
  open.add(app);
  return app;
}

/** All that were made are closed. */
export async function everybodyLeaves(): Promise<void> {
  for (const app of open) await app.close();
  open.clear();
}

export async function until(condition: () => boolean, what = condition.toString()): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !condition();) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

export function painted(key: string, data: string | null, board = "b") {
  return { aggregate: `canvas/${board}`, type: "cell-painted", key, data };
}
