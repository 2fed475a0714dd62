/**
 * The same of LiveStore on its adapter for browsers, without a server: one table, a row a register. Its worker
 * stores what the page commits, in the browser's private file system; what it has not taken, the page calls pending.
 */
import { makePersistedAdapter } from "@livestore/adapter-web";
import SharedWorker from "@livestore/adapter-web/shared-worker?sharedworker";
import { createStorePromise } from "@livestore/livestore";
import { cellPainted, cells, cellsPainted, schema } from "../livestore/schema.js";
import Worker from "../livestore/worker.js?worker";
import { valueAt } from "../values.js";

const STORED_AFTER_MS = 2_000;

let store;
const waiting = [];

async function load() {
  const adapter = makePersistedAdapter({ storage: { type: "opfs" }, worker: Worker, sharedWorker: SharedWorker });
  store = await createStorePromise({ schema, adapter, storeId: "bench", disableDevtools: true });
  store.subscribeSyncStatus(({ pendingCount }) => {
    if (pendingCount === 0) waiting.splice(0).forEach(resolve => resolve());
  });
}

function cell(place, at) {
  return { key: `cell-${place}`, ...valueAt(at) };
}

function nonePending() {
  if (store.syncStatus().pendingCount === 0) return Promise.resolve();
  return new Promise(resolve => waiting.push(resolve));
}

export async function append({ count, keys }) {
  await load();
  const shown = [];
  const durable = [];
  for (let at = 0; at < count; at++) {
    const key = `cell-${at % keys}`;
    const begun = performance.now();
    store.commit(cellPainted(cell(at % keys, at)));
    const [row] = store.query(cells.where({ key }));
    if (row.at !== at) throw new Error("the row is not shown");
    shown.push(performance.now() - begun);
    await nonePending();
    durable.push(performance.now() - begun);
  }
  return { shown, durable };
}

/**
 * 1,000 cells an event: the worker stores ten events in a transaction, and so needs minutes for one each. What is no
 * longer pending may not be stored yet: a browser that was closed at once had lost the last event.
 */
export async function fill({ keys }) {
  await load();
  for (let from = 0; from < keys; from += 1_000) {
    store.commit(cellsPainted({ all: Array.from({ length: 1_000 }, (_, place) => cell(from + place, from + place)) }));
    await nonePending();
  }
  await new Promise(resolve => setTimeout(resolve, STORED_AFTER_MS));
}

export async function open({ keys }) {
  const begun = performance.now();
  await load();
  const all = store.query(cells);
  const ms = performance.now() - begun;
  if (all.length !== keys) throw new Error(`${all.length} rows, not ${keys}`);
  return { ms };
}

export async function close() {
  await store.shutdownPromise();
}
