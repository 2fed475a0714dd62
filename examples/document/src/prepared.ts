/**
 * Everybody's updates of a history, worked out beforehand in one process: for a player that knows no CRDT. Those who
 * write with it type for themselves and must come to the same bytes, since an update names the letters it builds on.
 */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { History } from "./history.js";
import { Person } from "./person.js";
import { preparedYjsClient } from "./text.js";

const WORD = 4;

/**
 * Writes one file per person, and the text that they end with.
 *
 *   file := people:u32 step*
 *   step := ancestors:u32[people]  length:u32  update:u8[length]      big-endian
 */
export async function prepare(history: History, folder: string): Promise<void> {
  const people = history.people.map((_, self) => new Person(history, self, 0, preparedYjsClient(self)));
  const files: Buffer[][] = history.people.map(() => [words([history.people.length])]);
  for (let moved = true; moved;) {
    moved = false;
    for (const [self, person] of people.entries()) {
      while (person.canStep) {
        const ancestors = history.people[self]?.[person.taken]?.ancestors ?? [];
        const update = person.step()!;
        const counts = history.people.map((_, other) => ancestors[other] ?? 0);
        files[self]!.push(words([...counts, update.length]), Buffer.from(update));
        for (const other of people) if (other !== person) other.receive(self, person.taken, update);
        moved = true;
      }
    }
  }
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map((parts, self) => writeFile(join(folder, `person-${self}`), Buffer.concat(parts))));
  people[0]?.letAllIn();
  await writeFile(join(folder, "content"), people[0]?.content ?? history.startContent);
}

/** A person's updates, in order. */
export function readPrepared(folder: string, person: number): readonly Uint8Array[] {
  const file = readFileSync(join(folder, `person-${person}`));
  const people = file.readUInt32BE(0);
  const updates: Uint8Array[] = [];
  for (let at = WORD; at < file.length;) {
    at += WORD * people;
    const length = file.readUInt32BE(at);
    updates.push(file.subarray(at + WORD, at + WORD + length));
    at += WORD + length;
  }
  return updates;
}

function words(numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(WORD * numbers.length);
  numbers.forEach((number, at) => buffer.writeUInt32BE(number, WORD * at));
  return buffer;
}
