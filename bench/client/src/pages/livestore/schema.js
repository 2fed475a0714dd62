/** Of LiveStore: an event that sets a register, and a table with a row a register that it is written to. */
import { Events, makeSchema, Schema, State } from "@livestore/livestore";

const { text, integer } = State.SQLite;

export const cells = State.SQLite.table({
  name: "cells",
  columns: { key: text({ primaryKey: true }), colour: text(), by: text(), at: integer(), note: text() },
});

const { String, Number } = Schema;

export const cellPainted = Events.synced({
  name: "cell-painted",
  schema: Schema.Struct({ key: String, colour: String, by: String, at: Number, note: String }),
});

const materializers = State.SQLite.materializers(
  { cellPainted },
  { "cell-painted": cell => cells.insert(cell).onConflict("key", "replace") },
);

export const schema = makeSchema({
  events: { cellPainted },
  state: State.SQLite.makeState({ tables: { cells }, materializers }),
});
