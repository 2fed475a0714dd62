import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { memoryBuffer } from "../../src/buffer/memory.js";
import { clientOf, painted, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** How much all collections hold that are reached from there, those of the store, which is no memory, left out. */
function held(from: object, without: object): number {
  const seen = new Set<object>([without]);
  const ways: unknown[] = [from];
  let count = 0;
  while (ways.length > 0) {
    const next = ways.pop();
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    if (next instanceof Map || next instanceof Set) {
      count += next.size;
      for (const entry of next.entries()) ways.push(...(entry as unknown[]));
    }
    if (Array.isArray(next)) count += next.length;
    ways.push(...Object.values(next));
  }
  return count;
}

test("of aggregates that were closed nothing is kept in memory, however many were open", async () => {
  const gateway = new ModelGateway();
  const buffer = memoryBuffer();
  const { app, until } = await clientOf(gateway, { buffer, aggregates: ["canvas/stays"] });
  const closed: WeakRef<object>[] = [];
  const useMany = async (from: number, to: number) => {
    for (let n = from; n < to; n++) {
      const view = await app.open(`canvas/${n}`);
      const stop = view.subscribe(() => undefined);
      const projection = view.project({ initial: 0, apply: count => count + 1 });
      const handle = app.append(painted(`${n}`, "1,1", "red"));
      // Now and then it is closed before it has read back what was appended.
      await handle.confirmed;
      if (n % 3 > 0) await until(() => view.version === 1);
      closed.push(new WeakRef(view), new WeakRef(view.open), new WeakRef(projection), new WeakRef(handle));
      stop();
      view.close();
    }
    await app.append(painted("stays", `${to}`, "red")).confirmed;
    await app.whenLive();
    await until(() => app.status.localPosition === gateway.log.events.length);
  };
  await useMany(0, 20);
  const few = held(app, buffer);
  await useMany(20, 120);
  const more = held(app, buffer);
  // The register of what stays open, and its keys.
  assert.ok(more <= few + 20, `${few} things are held after 20, ${more} after 120`);
  await patiently(() => {
    collect();
    // Whoever read last may still have the last one at hand.
    return closed.slice(0, -4).every(reference => reference.deref() === undefined);
  });
  await app.close();
});
