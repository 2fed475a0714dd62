/** The same of Yjs with y-indexeddb: one map, an entry a register. It writes relaxed and tells nobody when. */
import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";
import { allWritten } from "../probe.js";
import { valueAt } from "../values.js";

let document;
let persistence;

async function load() {
  document = new Y.Doc();
  persistence = new IndexeddbPersistence("bench", document);
  await persistence.whenSynced;
}

export async function append({ count, keys }) {
  await load();
  const map = document.getMap("cells");
  const shown = [];
  const durable = [];
  for (let at = 0; at < count; at++) {
    const begun = performance.now();
    map.set(`cell-${at % keys}`, valueAt(at));
    if (map.get(`cell-${at % keys}`).at !== at) throw new Error("the entry is not shown");
    shown.push(performance.now() - begun);
    await allWritten();
    durable.push(performance.now() - begun);
  }
  return { shown, durable };
}

/** 1,000 entries a transaction; y-indexeddb then keeps them as few updates, as it does after a while. */
export async function fill({ keys }) {
  await load();
  const map = document.getMap("cells");
  for (let from = 0; from < keys; from += 1_000) {
    document.transact(() => {
      for (let at = from; at < from + 1_000; at++) map.set(`cell-${at}`, valueAt(at));
    });
    await allWritten();
  }
}

export async function open({ keys }) {
  const begun = performance.now();
  await load();
  const ms = performance.now() - begun;
  const { size } = document.getMap("cells");
  if (size !== keys) throw new Error(`${size} entries, not ${keys}`);
  return { ms };
}

export async function close() {
  await allWritten();
  await persistence.destroy();
}
