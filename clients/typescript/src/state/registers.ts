/**
 * The last-write-wins fold: of all events of an aggregate that set the same key, the one that is latest in the log is
 * the register's value. Pure; the cases in conformance/folds/ say the same for every client.
 */
import type { ConfirmedRegister, EventInput, RecordedEvent } from "../model.js";

export const DELETED = "$deleted";
export const TRIMMED = "$trimmed";

/** What an event makes of the register that its key names; null clears it, undefined: it is about none. */
export function registerOf(event: RecordedEvent): ConfirmedRegister | null | undefined {
  if (event.key === undefined || event.type.startsWith("$")) return undefined;
  const { client, version, position } = event;
  return clears(event) ? null : { ...valueOf(event), client, version, position };
}

/** An event with a key and `"data": null` clears its register. */
export function clears(event: EventInput): boolean {
  return event.data === null && event.data_base64 === undefined;
}

const PARTS = ["data", "data_base64", "datacontenttype", "encryption", "type", "typeVersion", "time"] as const;
type Value = Pick<EventInput, (typeof PARTS)[number]>;

/** The part of an event that is a register's value. */
export function valueOf(event: EventInput): Value {
  const value: Record<string, unknown> = {};
  for (const part of PARTS) if (event[part] !== undefined) value[part] = event[part];
  return value as unknown as Value;
}
