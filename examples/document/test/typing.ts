import type { History } from "../src/history.js";
import { Person } from "../src/person.js";

/** An update on its way from the person who made it. */
export interface Sent {
  readonly from: number;
  readonly sequence: number;
  readonly update: Uint8Array;
}

export function peopleOf(history: History): Person[] {
  return history.people.map((_, self) => new Person(history, self, 0));
}

/** Lets people type and hear each other, without any log between them; returns what they sent, in causal order. */
export function typeTogether(people: readonly Person[], mayGoOn = (_: Person): boolean => true): Sent[] {
  const sent: Sent[] = [];
  let before = -1;
  while (before < sent.length) {
    before = sent.length;
    people.forEach((person, from) => {
      while (person.canStep && mayGoOn(person)) {
        const update = person.step();
        if (update === undefined) continue;
        const sequence = person.taken;
        sent.push({ from, sequence, update });
        people.filter(other => other !== person).forEach(other => other.receive(from, sequence, update));
      }
    });
  }
  people.forEach(person => person.isFinished && person.letAllIn());
  return sent;
}
