/**
 * Looks at an append before it is stored: a mistake of the program is told where it is made, and does not wait in the
 * buffer to be rejected days later. What only the gateway can know is left to it.
 */
import { MAX_APPEND_JSON_BYTES, MAX_EVENTS_PER_APPEND, MAX_EVENT_DATA_BYTES, MAX_KEY_BYTES } from "./limits.js";
import type { EventInput } from "./model.js";
import { utf8Length } from "./protocol/encoding.js";
import { InvalidAppendError } from "./protocol/errors.js";

/** What the protocol takes as a name. */
export const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._~-]{0,127}$/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Returns the events as they will be sent: copies that the caller can no longer change. */
export function checkedEvents(events: EventInput | readonly EventInput[]): readonly EventInput[] {
  return JSON.parse(checkEvents([events].flat())) as EventInput[];
}

/** Returns the events as JSON. */
export function checkEvents(events: readonly EventInput[]): string {
  if (events.length === 0) throw new InvalidAppendError("an append has at least one event");
  if (events.length > MAX_EVENTS_PER_APPEND) {
    throw new InvalidAppendError(`${events.length} events in one append: at most ${MAX_EVENTS_PER_APPEND}`);
  }
  events.forEach(checkEvent);
  const text = JSON.stringify(events);
  if (utf8Length(text) > MAX_APPEND_JSON_BYTES) {
    throw new InvalidAppendError(`one append of more than ${MAX_APPEND_JSON_BYTES} bytes as JSON`);
  }
  return text;
}

export function checkAggregate(name: string): void {
  const [type = "", id = "", ...more] = name.split("/");
  if (more.length > 0 || !NAME.test(type.replace(/^\$/, "")) || !NAME.test(id)) {
    throw new InvalidAppendError(`aggregate ${JSON.stringify(name)}: must be type/id, of the letters of names`);
  }
}

function checkEvent(event: EventInput, place: number): void {
  const fault = (text: string) => new InvalidAppendError(`event ${place}: ${text}`);
  checkAggregate(event.aggregate);
  if (event.aggregate.startsWith("$")) throw fault("a type that begins with $ is the system's own");
  if (!NAME.test(event.type)) throw fault(`type ${JSON.stringify(event.type)}: outside the letters of names`);
  if (event.typeVersion !== undefined && !NAME.test(event.typeVersion)) throw fault("typeVersion: outside the letters");
  if ((event.data === undefined) === (event.data_base64 === undefined)) {
    throw fault("exactly one of data and data_base64");
  }
  const { key } = event;
  if (key !== undefined && (key === "" || utf8Length(key) > MAX_KEY_BYTES || CONTROL.test(key))) {
    throw fault(`key: 1 to ${MAX_KEY_BYTES} bytes, no control characters`);
  }
  const size =
    event.data_base64 === undefined
      ? utf8Length(JSON.stringify(event.data))
      : Math.floor((event.data_base64.length / 4) * 3);
  if (size > MAX_EVENT_DATA_BYTES) throw fault(`data of ${size} bytes: at most ${MAX_EVENT_DATA_BYTES}`);
}
