/** Who set a field, when, and what that replaced: the fold of a site's events. Pure. */
import type { AppliedEvent, JsonValue } from "celeriant";
import { fieldOf, type Field } from "./fields.js";

export interface Change {
  readonly field: Field;
  readonly data: JsonValue;
  /** What was there before it, in the order of the log. */
  readonly before: JsonValue;
  /** Who did it; undefined: this device, and the log has not got it yet. */
  readonly client: string | undefined;
  /** Whose value it replaced. */
  readonly replaced: string | undefined;
  /** When it was written down, by the clock of the device; and when the log got it. */
  readonly time: string | undefined;
  readonly recordedAt: string | undefined;
}

/** One more event; photographs and what another application put there are none of its business. */
export function withEvent(changes: readonly Change[], event: AppliedEvent): readonly Change[] {
  const field = fieldOf(event.key);
  if (field === undefined) return changes;
  const last = changes.findLast(change => change.field === field);
  const { data = null, time } = event;
  const [client, recordedAt] = event.pending ? [undefined, undefined] : [event.client, event.recordedAt];
  return [...changes, { field, data, before: last?.data ?? null, client, replaced: last?.client, time, recordedAt }];
}
