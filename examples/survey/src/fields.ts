/** What is noted of a site: each field is one register of its aggregate, set by events of a type of its own. Pure. */
import type { JsonValue } from "celeriant";

/** What may be asked of a register without knowing who keeps it. */
export interface Value {
  readonly data?: JsonValue;
}

export interface Field {
  /** The register's key. */
  readonly key: string;
  /** The type of the events that set it. */
  readonly type: string;
  readonly label: string;
  readonly control: "text" | "choice" | "number" | "notes" | "date" | "tick";
  readonly hint?: string;
}

export const CONDITIONS = ["good", "fair", "poor", "unsafe"];

export const NAME: Field = { key: "name", type: "name-given", label: "Name", control: "text" };

export const FIELDS: readonly Field[] = [
  NAME,
  { key: "condition", type: "condition-judged", label: "Condition", control: "choice" },
  { key: "crack", type: "crack-measured", label: "Widest crack", control: "number", hint: "mm, 0 to 200" },
  { key: "notes", type: "notes-written", label: "Notes", control: "notes" },
  { key: "visited", type: "visit-dated", label: "Visited on", control: "date" },
  { key: "done", type: "done-said", label: "Done, nothing left to look at", control: "tick" },
];

export function fieldOf(key: string | undefined): Field | undefined {
  return FIELDS.find(field => field.key === key);
}

/**
 * What a field's event holds for what was written. What is no number stays as it is: on site nothing may be lost for
 * its form, and the log's schema says what it thinks of it. null clears the register.
 */
export function dataOf(field: Field, written: string): JsonValue {
  const text = written.trim();
  if (field.control === "tick") return text === "yes";
  if (text === "") return null;
  if (field.control !== "number") return text;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : text;
}

/** What a control shows for an event's data; `dataOf` gives the same data for it. */
export function writtenOf(field: Field, data: JsonValue | undefined): string {
  if (field.control === "tick") return data === true ? "yes" : "";
  return data === undefined || data === null ? "" : typeof data === "object" ? JSON.stringify(data) : String(data);
}

/** What the history says of it. */
export function toldOf(field: Field, data: JsonValue | undefined): string {
  if (field.control === "tick") return data === true ? "ticked" : "not ticked";
  const written = writtenOf(field, data);
  return written === "" ? "nothing" : field.control === "number" ? `${written} mm` : `“${written}”`;
}

export type Progress = "to do" | "started" | "done";

export function progressOf(registers: ReadonlyMap<string, Value>): Progress {
  const of = (key: string) => registers.get(key)?.data ?? null;
  if (of("done") === true) return "done";
  const isStarted = FIELDS.some(({ key }) => key !== "name" && key !== "done" && of(key) !== null);
  return isStarted ? "started" : "to do";
}
