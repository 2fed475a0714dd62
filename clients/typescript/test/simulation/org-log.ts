/**
 * One org's log as PROTOCOL defines it: dense positions and versions, sequences that are settled once, access in the
 * same order, tombstones, and a hash over everything. Nothing is ever taken out of memory, so that what any client
 * shows can be compared with what was true at its place.
 */
import type { AppendRef, ConfirmedRegister, EventInput, Problem, RecordedEvent, Snapshot } from "../../src/model.js";
import { DELETED, TRIMMED, registerOf } from "../../src/state/registers.js";

export interface AppendIn {
  readonly id: string;
  readonly sequence: number;
  readonly events?: readonly EventInput[];
  readonly void?: boolean;
}

export interface Verdict {
  readonly id: string;
  readonly sequence: number;
  readonly status: "appended" | "duplicate" | "rejected";
  readonly positions?: readonly [number, number];
  readonly versions?: Readonly<Record<string, number>>;
  readonly problem?: Problem;
}

/** A refusal of a whole request. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

export function refuse(status: number, code: string, more: Readonly<Record<string, unknown>> = {}): never {
  throw new Refused({ type: `/problems/${code}`, title: code, status, code, done: "nothing", ...more });
}

/** A step in who may see and append to an aggregate. */
interface AccessChange {
  readonly position: number;
  readonly append: string;
  /** A client, or `public`. */
  readonly who: string;
  readonly right: "given" | "taken" | "revoked";
}

type Registers = ReadonlyMap<string, ConfirmedRegister>;

const NO_REGISTERS: Registers = new Map();

class Book {
  /** All that ever were, by version. */
  readonly events: RecordedEvent[] = [];
  /** What the registers were, by version, as far as anybody asked. */
  private readonly folds: Registers[] = [NO_REGISTERS];
  firstVersion = 1;
  exists = false;
  snapshot: Snapshot | undefined;
  readonly access: AccessChange[] = [];

  get version(): number {
    return this.events.length;
  }

  registers(version: number): Registers {
    while (this.folds.length <= version) {
      const registers = new Map(this.folds.at(-1));
      const event = this.events[this.folds.length - 1]!;
      const register = registerOf(event);
      if (register) registers.set(event.key!, register);
      if (register === null) registers.delete(event.key!);
      if (event.type === DELETED) registers.clear();
      this.folds.push(registers);
    }
    return this.folds[version]!;
  }

  copy(): Book {
    const copy = new Book();
    copy.events.push(...this.events);
    copy.access.push(...this.access);
    return Object.assign(copy, {
      firstVersion: this.firstVersion,
      exists: this.exists,
      snapshot: this.snapshot,
    });
  }
}

export class OrgLog {
  readonly events: RecordedEvent[] = [];
  private readonly hashes: string[] = ["start"];
  private readonly books = new Map<string, Book>();
  private readonly settled = new Map<string, { readonly id: string; readonly verdict: Verdict }[]>();
  /** Where every append that was recorded begins. */
  readonly landed = new Map<string, number>();
  /** Told of an append that is recorded though it is there already. */
  doubled: string | undefined;

  constructor(readonly id: string) {}

  copy(id: string): OrgLog {
    const copy = new OrgLog(id);
    copy.events.push(...this.events);
    copy.hashes.push(...this.hashes.slice(1));
    for (const [name, book] of this.books) copy.books.set(name, book.copy());
    for (const [client, verdicts] of this.settled) copy.settled.set(client, [...verdicts]);
    for (const [append, position] of this.landed) copy.landed.set(append, position);
    return copy;
  }

  get position(): number {
    return this.events.length;
  }

  hash(position: number): string | undefined {
    return this.hashes[position];
  }

  names(): readonly string[] {
    return [...this.books.keys()];
  }

  book(name: string): Book | undefined {
    return this.books.get(name);
  }

  exists(name: string): boolean {
    return this.books.get(name)?.exists ?? false;
  }

  /** The version of an aggregate when the log ended at a position. */
  versionAt(name: string, position: number): number {
    const events = this.books.get(name)?.events ?? [];
    let version = events.length;
    while (version > 0 && events[version - 1]!.position > position) version--;
    return version;
  }

  registersAt(name: string, version: number): Registers {
    return this.books.get(name)?.registers(version) ?? NO_REGISTERS;
  }

  /** Whether it is still read: not trimmed away, and not deleted. */
  isThere(event: RecordedEvent): boolean {
    if (event.type === DELETED || event.type === TRIMMED) return true;
    return event.version >= (this.books.get(event.aggregate)?.firstVersion ?? 1);
  }

  head(client: string): (AppendRef & { readonly position: number }) | null {
    const verdicts = this.settled.get(client) ?? [];
    const last = verdicts.at(-1);
    if (last === undefined) return null;
    const position = Math.max(0, ...verdicts.map(entry => entry.verdict.positions?.[1] ?? 0));
    return { sequence: verdicts.length, id: last.id, position };
  }

  push(client: string, after: AppendRef | null, appends: readonly AppendIn[]): readonly Verdict[] {
    if (appends.length === 0) return [];
    this.checkSequences(client, after, appends);
    return appends.map(append => this.settle(client, append));
  }

  /** Whether a client may read and append; with a position: as it was there. */
  allows(client: string, name: string, at = Infinity, append = ""): boolean {
    const right = { own: false, everyone: false, revoked: false };
    for (const change of this.books.get(name)?.access ?? []) {
      if (change.position > at && change.append !== append) break;
      if (change.who === "public") right.everyone = change.right === "given";
      if (change.who !== client) continue;
      right.own = change.right === "given";
      right.revoked = change.right === "revoked";
    }
    return !right.revoked && (right.own || right.everyone);
  }

  /** Nobody has anything to do with it yet: whoever appends first creates it. */
  isFree(name: string): boolean {
    const book = this.books.get(name);
    return book === undefined || (book.version === 0 && book.access.length === 0);
  }

  changeAccess(name: string, who: string, right: AccessChange["right"], append: string): void {
    this.add({ aggregate: `$access.${name}`, type: "$access", key: who, data: { right } }, "operator", append);
    this.bookOf(name).access.push({ position: this.position, append, who, right });
  }

  trim(name: string, before: number, append: string): void {
    const book = this.books.get(name);
    if (book === undefined || !book.exists || before <= book.firstVersion || before > book.version + 1) return;
    if ((book.snapshot?.version ?? 0) < before - 1) book.snapshot = undefined;
    book.firstVersion = before;
    this.add({ aggregate: name, type: TRIMMED, data: { firstVersion: before } }, "operator", append);
  }

  remove(name: string, append: string): void {
    const book = this.books.get(name);
    if (book === undefined || !book.exists) return;
    this.add({ aggregate: name, type: DELETED, data: null }, "operator", append);
    book.exists = false;
    book.snapshot = undefined;
    book.firstVersion = book.version + 1;
  }

  private checkSequences(client: string, after: AppendRef | null, appends: readonly AppendIn[]): void {
    const verdicts = this.settled.get(client) ?? [];
    const first = appends[0]!.sequence;
    if ((after === null) !== (first === 1)) refuse(400, "bad-request", { pointer: "/after" });
    appends.forEach((append, place) => {
      if (append.sequence !== first + place) refuse(400, "bad-request", { pointer: `/appends/${place}/sequence` });
    });
    if (appends.some(({ events }) => events?.some(event => event.type === "poison"))) refuse(400, "bad-request");
    if (first > verdicts.length + 1) refuse(409, "sequence-gap", { expectedSequence: verdicts.length + 1 });
    if (after !== null && verdicts[after.sequence - 1]?.id !== after.id) refuse(409, "client-forked");
    for (const append of appends) {
      const known = verdicts[append.sequence - 1];
      if (known !== undefined && known.id !== append.id) refuse(409, "client-forked");
    }
  }

  private settle(client: string, append: AppendIn): Verdict {
    const verdicts = this.settled.get(client) ?? [];
    this.settled.set(client, verdicts);
    const known = verdicts[append.sequence - 1]?.verdict;
    if (known !== undefined) return known.status === "appended" ? { ...known, status: "duplicate" } : known;
    const { id, sequence } = append;
    const problem = this.fault(client, append);
    const verdict: Verdict =
      problem === undefined
        ? { id, sequence, status: "appended", ...this.record(client, append) }
        : { id, sequence, status: "rejected", problem: { ...problem, done: "settled" } };
    verdicts.push({ id, verdict });
    return verdict;
  }

  private fault(client: string, append: AppendIn): Problem | undefined {
    if (append.void) return { code: "void", status: 410 };
    for (const { aggregate, type } of append.events ?? []) {
      if (type === "bad") return { code: "schema-violation", status: 422 };
      if (!this.isFree(aggregate) && !this.allows(client, aggregate)) return { code: "access-denied", status: 403 };
    }
    return undefined;
  }

  private record(client: string, append: AppendIn) {
    if (this.landed.has(append.id)) this.doubled = append.id;
    const first = this.position + 1;
    this.landed.set(append.id, first);
    const versions: Record<string, number> = {};
    const created = new Set<string>();
    for (const event of append.events ?? []) {
      if (this.isFree(event.aggregate)) created.add(event.aggregate);
      versions[event.aggregate] = this.add(event, client, append.id, append.sequence);
    }
    const positions = [first, this.position] as const;
    for (const name of created) this.changeAccess(name, client, "given", append.id);
    return { positions, versions };
  }

  private add(event: EventInput, client: string, append: string, sequence?: number): number {
    const book = this.bookOf(event.aggregate);
    book.exists = true;
    const version = book.version + 1;
    const position = this.position + 1;
    const numbered = sequence === undefined ? {} : { sequence };
    const id = `${append}/${position}`;
    const recorded = { ...event, id, version, position, client, append, ...numbered, recordedAt: "" };
    book.events.push(recorded);
    this.events.push(recorded);
    this.hashes.push(`${position}.${hashOf(this.hashes[position - 1]! + id)}`);
    return version;
  }

  private bookOf(name: string): Book {
    let book = this.books.get(name);
    if (book === undefined) this.books.set(name, (book = new Book()));
    return book;
  }
}

function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return (hash >>> 0).toString(36);
}
