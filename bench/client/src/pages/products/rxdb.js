/** The same of RxDB on its Dexie storage: one collection, a document a register. It shows what is stored. */
import { createRxDatabase } from "rxdb";
import { getRxStorageDexie } from "rxdb/plugins/storage-dexie";
import { allWritten } from "../probe.js";
import { valueAt } from "../values.js";

const SCHEMA = {
  version: 0,
  primaryKey: "key",
  type: "object",
  properties: {
    key: { type: "string", maxLength: 100 },
    colour: { type: "string" },
    by: { type: "string" },
    at: { type: "number" },
    note: { type: "string" },
  },
};

let database;

async function load() {
  database = await createRxDatabase({ name: "bench", storage: getRxStorageDexie(), multiInstance: true });
  await database.addCollections({ cells: { schema: SCHEMA } });
}

export async function append({ count, keys }) {
  await load();
  const { cells } = database;
  const shown = [];
  const durable = [];
  for (let at = 0; at < count; at++) {
    const key = `cell-${at % keys}`;
    const begun = performance.now();
    const stored = await cells.incrementalUpsert({ key, ...valueAt(at) });
    if (stored.at !== at) throw new Error("the document is not shown");
    shown.push(performance.now() - begun);
    await allWritten();
    durable.push(performance.now() - begun);
  }
  return { shown, durable };
}

export async function fill({ keys }) {
  await load();
  for (let from = 0; from < keys; from += 1_000) {
    const some = Array.from({ length: 1_000 }, (_, place) => ({
      key: `cell-${from + place}`,
      ...valueAt(from + place),
    }));
    const { error } = await database.cells.bulkInsert(some);
    if (error.length > 0) throw new Error(`${error.length} documents were not stored`);
  }
  await allWritten();
}

export async function open({ keys }) {
  const begun = performance.now();
  await load();
  const all = await database.cells.find().exec();
  const ms = performance.now() - begun;
  if (all.length !== keys) throw new Error(`${all.length} documents, not ${keys}`);
  return { ms };
}

export async function close() {
  await database.close();
}
