/** Of LiveStore: events that set one register or many, and a table with a row a register that they are written to. */
import { Events, makeSchema, Schema, State } from "@livestore/livestore";

const { text, integer } = State.SQLite;

export const cells = State.SQLite.table({
  name: "cells",
  columns: { key: text({ primaryKey: true }), colour: text(), by: text(), at: integer(), note: text() },
});

const { String, Number } = Schema;
const Cell = Schema.Struct({ key: String, colour: String, by: String, at: Number, note: String });

export const cellPainted = Events.synced({ name: "cell-painted", schema: Cell });
export const cellsPainted = Events.synced({
  name: "cells-painted",
  schema: Schema.Struct({ all: Schema.Array(Cell) }),
});

const paint = cell => cells.insert(cell).onConflict("key", "replace");
const events = { cellPainted, cellsPainted };
const materializers = State.SQLite.materializers(events, {
  "cell-painted": paint,
  "cells-painted": ({ all }) => all.map(paint),
});

export const schema = makeSchema({ events, state: State.SQLite.makeState({ tables: { cells }, materializers }) });
