import { Seeded } from "./seeded.js";
import type { Patch } from "./trace.js";

/** What a generated trace is like. The same values give the same trace. */
export interface GeneratorOptions {
  readonly seed: number;
  readonly people: number;
  readonly transactions: number;
}

/** A generated trace, in the format of the files. */
export interface GeneratedTrace {
  readonly kind: "concurrent";
  readonly startContent: string;
  readonly endContent: string;
  readonly numAgents: number;
  readonly txns: readonly { parents: number[]; agent: number; patches: Patch[] }[];
}

/** A code point somebody typed, dead or alive. */
interface Letter {
  readonly text: string;
  /** Who typed it, as which of their transactions; -1 is the starting text, which everybody has. */
  readonly person: number;
  readonly transaction: number;
  /** The transactions that deleted it; several people may. */
  readonly deletions: { person: number; transaction: number }[];
}

const WORDS = ["log ", "order ", "merge ", "büffer ", "naïve ", "回放 ", "🌿", "x", "y ", ".\n", "👩‍🚀 "] as const;
const START_CONTENT = "To be written by all.\n";
/** Tries to find a place for an insert before the transaction becomes a deletion or stays empty. */
const PLACES_TRIED = 8;
const MAX_PATCHES = 3;
/** One time in this many a person takes in what somebody else has written. */
const MEETING_ODDS = 6;
/** One patch in this many deletes. */
const DELETION_ODDS = 4;
const MAX_DELETED = 5;

/**
 * Makes a history of people who type at the same time, in forks that are merged. The merge here shares nothing with a
 * CRDT library: one list holds every letter ever typed, in the order of the final text, and a person's view of it is
 * those letters that they have seen typed and have not seen deleted.
 *
 * Two inserts at the same place at the same time are avoided, because libraries may order them differently: a letter
 * goes only where no unseen letter stands between the nearest letters that this person sees and that nobody has
 * deleted. So the end is the same for every text CRDT.
 */
export function generateTrace({ seed, people, transactions }: GeneratorOptions): GeneratedTrace {
  const world = new World(new Seeded(seed), people);
  for (let made = 0; made < transactions; made++) world.makeTransaction();
  world.mergeAll();
  return {
    kind: "concurrent",
    startContent: START_CONTENT,
    endContent: world.content,
    numAgents: people,
    txns: world.transactions,
  };
}

class World {
  readonly transactions: { parents: number[]; agent: number; patches: Patch[] }[] = [];
  private readonly letters: Letter[] = Array.from(START_CONTENT, text => ({
    text,
    person: -1,
    transaction: 0,
    deletions: [],
  }));
  /** What each person has seen: so many transactions of each. */
  private readonly seen: number[][];
  /** The index in the trace of each person's transactions. */
  private readonly indexes: number[][];
  private typing = 0;

  constructor(
    private readonly random: Seeded,
    private readonly people: number,
  ) {
    this.seen = Array.from({ length: people }, () => Array<number>(people).fill(0));
    this.indexes = Array.from({ length: people }, () => []);
  }

  /** What stands when every transaction is known. */
  get content(): string {
    return this.letters
      .filter(({ deletions }) => deletions.length === 0)
      .map(({ text }) => text)
      .join("");
  }

  makeTransaction(): void {
    if (this.random.below(4) === 0) this.typing = this.random.below(this.people);
    if (this.random.below(MEETING_ODDS) === 0) this.meet(this.typing, this.random.below(this.people));
    const patches = Array.from({ length: 1 + this.random.below(MAX_PATCHES) }, () => this.patch(this.typing));
    this.record(
      this.typing,
      patches.filter(patch => patch !== undefined),
    );
  }

  /** The last transaction sees everything, so that the end is one state. */
  mergeAll(): void {
    for (let other = 0; other < this.people; other++) this.meet(0, other);
    this.record(0, []);
  }

  private meet(person: number, other: number): void {
    const mine = this.seenBy(person);
    this.seenBy(other).forEach((count, at) => (mine[at] = Math.max(mine[at] ?? 0, count)));
  }

  private record(person: number, patches: Patch[]): void {
    const seen = this.seenBy(person);
    const parents = seen.flatMap((count, at) => this.indexes[at]?.[count - 1] ?? []);
    this.indexes[person]?.push(this.transactions.push({ parents, agent: person, patches }) - 1);
    seen[person] = (seen[person] ?? 0) + 1;
  }

  private patch(person: number): Patch | undefined {
    const view = this.viewOf(person);
    if (view.length > 0 && this.random.below(DELETION_ODDS) === 0) return this.deletion(person, view);
    for (let tried = 0; tried < PLACES_TRIED; tried++) {
      const position = this.random.below(view.length + 1);
      const place = this.placeFor(person, view, position);
      if (place !== undefined) return this.insertion(person, position, place);
    }
    return view.length > 0 ? this.deletion(person, view) : undefined;
  }

  private insertion(person: number, position: number, place: number): Patch {
    const text = this.random.pick(WORDS);
    const letters = Array.from(text, letter => ({
      text: letter,
      person,
      transaction: this.nextOf(person),
      deletions: [],
    }));
    this.letters.splice(place, 0, ...letters);
    return [position, 0, text];
  }

  private deletion(person: number, view: readonly number[]): Patch {
    const position = this.random.below(view.length);
    const deleted = Math.min(1 + this.random.below(MAX_DELETED), view.length - position);
    for (const at of view.slice(position, position + deleted)) {
      this.letters[at]?.deletions.push({ person, transaction: this.nextOf(person) });
    }
    return [position, deleted, ""];
  }

  /** Where in the list the person's next letter at this position goes; undefined where somebody unseen typed. */
  private placeFor(person: number, view: readonly number[], position: number): number | undefined {
    const place = position === 0 ? 0 : (view[position - 1] ?? -1) + 1;
    for (let at = place; at < this.letters.length && !this.anchors(person, at); at++) {
      if (!this.sees(person, this.letterAt(at))) return undefined;
    }
    for (let at = place - 1; at >= 0 && !this.anchors(person, at); at--) {
      if (!this.sees(person, this.letterAt(at))) return undefined;
    }
    return place;
  }

  private anchors(person: number, at: number): boolean {
    const letter = this.letterAt(at);
    return letter.deletions.length === 0 && this.sees(person, letter);
  }

  private viewOf(person: number): number[] {
    const view: number[] = [];
    this.letters.forEach((letter, at) => {
      if (this.sees(person, letter) && !letter.deletions.some(by => this.sees(person, by))) view.push(at);
    });
    return view;
  }

  /** Whether the person knows of this transaction: their own current one included. */
  private sees(person: number, by: { person: number; transaction: number }): boolean {
    return by.person === -1 || by.person === person || by.transaction <= (this.seenBy(person)[by.person] ?? 0);
  }

  private nextOf(person: number): number {
    return (this.seenBy(person)[person] ?? 0) + 1;
  }

  private seenBy(person: number): number[] {
    const seen = this.seen[person];
    if (seen === undefined) throw new Error(`there is no person ${person}`);
    return seen;
  }

  private letterAt(at: number): Letter {
    const letter = this.letters[at];
    if (letter === undefined) throw new Error(`there is no letter ${at}`);
    return letter;
  }
}
