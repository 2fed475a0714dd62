import type { RecordedEvent } from "celeriant";
import type { History } from "../history.js";

/**
 * Says whether the merged log holds every step of everybody exactly once: each client's sequences are 1, 2, 3… in the
 * order of the log, as many as its person has steps; versions are without gaps, positions rise, and nothing else is
 * there.
 *
 * @throws Error with the first event that is not as it should be
 */
export function checkLog(
  events: readonly RecordedEvent[],
  aggregate: string,
  clients: readonly string[],
  history: History,
): void {
  const sequences = clients.map(() => 0);
  let position = 0;
  events.forEach((event, at) => {
    const where = `event ${at + 1} of the log (position ${event.position})`;
    const person = clients.indexOf(event.client);
    if (event.aggregate !== aggregate || person < 0) {
      throw new Error(`${where} is of ${event.aggregate} by ${event.client}, who are no part of this`);
    }
    const expected = (sequences[person] ?? 0) + 1;
    if (event.sequence !== expected) throw new Error(`${where} has sequence ${event.sequence}, not ${expected}`);
    if (event.version !== at + 1) throw new Error(`${where} has version ${event.version}, not ${at + 1}`);
    if (event.position <= position) throw new Error(`${where} does not come behind position ${position}`);
    sequences[person] = expected;
    position = event.position;
  });
  history.people.forEach((steps, person) => {
    if (sequences[person] !== steps.length) {
      throw new Error(`the log has ${sequences[person]} appends of person ${person}, who has ${steps.length} steps`);
    }
  });
}
