import * as Y from "yjs";
import { type Patch, TraceError } from "./trace.js";

/** Everybody begins with the same text, so the same items must hold it: this Yjs client id writes it everywhere. */
const STARTING_CLIENT = 0;
/** Yjs client ids per person: room for one that is new in each process. */
const IDS_PER_PERSON = 2 ** 26;

/**
 * The Yjs client id for a person, new in each process, since an id that is used again by somebody who forgot something
 * makes two different letters the same.
 *
 * The ids of an earlier person are all lower than those of a later one. Yjs puts a new letter behind the deleted ones
 * at its place, and orders two that come there at the same time by id; the traces' own merge knows one such place (in
 * friendsforever one deletes a full stop and writes a comma, while the other goes on behind the full stop), and has the
 * earlier author's letter first.
 */
export function newYjsClient(person: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return person * IDS_PER_PERSON + 1 + (random % (IDS_PER_PERSON - 1));
}

/**
 * The one Yjs client id of a person whose updates are worked out beforehand: the others' updates name it, so that it is
 * the same in every process. It may be, because who is played so writes each step only once or exactly the same again.
 */
export function preparedYjsClient(person: number): number {
  return person * IDS_PER_PERSON + 1;
}

/** A document that holds the starting text, the same items in every process. */
export function documentWith(startContent: string): Y.Doc {
  const document = new Y.Doc();
  if (startContent !== "") {
    const start = new Y.Doc();
    start.clientID = STARTING_CLIENT;
    textOf(start).insert(0, startContent);
    Y.applyUpdate(document, Y.encodeStateAsUpdate(start));
  }
  return document;
}

export function textOf(document: Y.Doc): Y.Text {
  return document.getText("text");
}

/**
 * Applies patches one after the other. Yjs counts UTF-16 units, a trace code points: where they differ, the text is
 * walked to translate, which costs its length.
 */
export function applyPatches(text: Y.Text, patches: readonly Patch[], hasSurrogates: boolean): void {
  for (const [position, deleted, inserted] of patches) {
    const [from, to] = hasSurrogates
      ? unitsOf(text.toString(), position, position + deleted)
      : [position, position + deleted];
    if (to > text.length) {
      throw new TraceError(`a patch at ${position} that deletes ${deleted} goes beyond the end of the text`);
    }
    if (to > from) text.delete(from, to - from);
    if (inserted !== "") text.insert(from, inserted);
  }
}

/** Two places in code points, the first not behind the second, as places in UTF-16 units. */
function unitsOf(text: string, from: number, to: number): [number, number] {
  const start = skip(text, 0, from);
  return [start, skip(text, start, to - from)];
}

function skip(text: string, unit: number, codePoints: number): number {
  for (let left = codePoints; left > 0; left--) {
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  return unit;
}
