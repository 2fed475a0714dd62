/**
 * The local buffer of a browser: one IndexedDB database, shared by all tabs of an origin. What an application was told
 * is durable is written with `durability: "strict"`; the confirmed state, which the log can give again, is not, and
 * it moves in transactions of its own that are there as a whole or not at all.
 *
 * Numbers are given out inside the transaction that stores the append, so that any tab may append.
 */
import type {
  AppendRef,
  ConfirmedRegister,
  PendingAppend,
  Problem,
  RecordedEvent,
  RejectedAppend,
  Snapshot,
} from "../model.js";
import { LazyMap } from "../state/lazy-map.js";
import { systemClock, type Clock } from "../clock.js";
import { defined } from "../defined.js";
import { answer, openDatabase, READ, transact, type StoreName } from "./indexeddb-schema.js";
import {
  identityChanged,
  pendingAgain,
  SupersededError,
  type AggregateChange,
  type BufferContents,
  type ConfirmedChange,
  type Cursor,
  type Draft,
  type KeptAppend,
  type LocalBuffer,
  type Settlement,
  type StoredAggregate,
  type StoredIdentity,
} from "./local-buffer.js";
import { pageText, readPage, type Registers } from "./register-page.js";

interface Numbers {
  readonly next: number;
  readonly settled: AppendRef | null;
}

type Store = (name: StoreName) => IDBObjectStore;
type AggregateRow = Omit<StoredAggregate, "registers" | "aggregate" | "snapshot">;

/** Appends of one client that were settled together. */
interface KeptPage {
  readonly appends: readonly KeptAppend[];
  readonly landed: number;
}
/** As version 1 had it: a row for each. */
type FormerKept = KeptAppend & Pick<KeptPage, "landed">;

/** Appends in a row: as many as are often settled together. */
const APPENDS_PER_PAGE = 100;
/** Registers in a row: a browser reads few long rows sooner than many short ones, and a page is read as a whole. */
const REGISTERS_PER_PAGE = 1_000;
const NO_NUMBERS: Numbers = { next: 1, settled: null };
const QUEUE: readonly StoreName[] = ["meta", "pending", "rejected", "kept"];
const CONFIRMED: readonly StoreName[] = ["meta", ...READ];

/** A buffer in IndexedDB, shared by all tabs of the origin: what `connect` takes in a browser when it is given none. */
export function indexedDbBuffer(
  name: string,
  factory: IDBFactory = indexedDB,
  clock: Clock = systemClock,
): LocalBuffer {
  return new IndexedDbBuffer(name, factory, clock);
}

class IndexedDbBuffer implements LocalBuffer {
  readonly keyForm = "handle";
  readonly sharedAs: string;
  private term: number | undefined;
  private database!: IDBDatabase;

  constructor(
    private readonly name: string,
    private readonly factory: IDBFactory,
    private readonly clock: Clock,
  ) {
    this.sharedAs = name;
  }

  async open(newIdentity: () => Promise<StoredIdentity>): Promise<BufferContents> {
    this.database = await openDatabase(this.factory, this.name, this.clock);
    const contents: Partial<BufferContents> = await this.contents();
    if (contents.identity !== undefined) return contents as BufferContents;
    // Made outside the transaction, which would not wait for it; the first tab to store one wins.
    const identity = await newIdentity();
    await transact(this.database, ["meta"], "strict", async store => {
      if ((await identityIn(store)) === undefined) store("meta").put(identity, "identity");
    });
    return await this.contents();
  }

  lead(): Promise<void> {
    return transact(this.database, ["meta"], "strict", async store => {
      const term = ((await inMeta<number>(store, "term")) ?? 0) + 1;
      store("meta").put(term, "term");
      this.term = term;
    });
  }

  contents(): Promise<BufferContents> {
    return transact(this.database, QUEUE, "readonly", contentsIn);
  }

  append(drafts: readonly Draft[]): Promise<readonly PendingAppend[]> {
    return transact(this.database, ["meta", "pending", "rejected"], "strict", async store => {
      let { next, settled } = await numbersIn(store);
      const appends: PendingAppend[] = [];
      for (const { id, events, createdAt, retries } of drafts) {
        if (retries !== undefined && !(await takeRejected(store, retries))) continue;
        appends.push({ sequence: next++, id, events, createdAt });
      }
      putPending(store, appends);
      store("meta").put({ next, settled }, "numbers");
      return appends;
    });
  }

  settle(settlement: Settlement): Promise<void> {
    return this.changeAsLeader(QUEUE, "strict", async store => {
      if ((await identityIn(store))?.clientId !== settlement.client) throw identityChanged();
      const numbers = await numbersIn(store);
      const { settled } = settlement;
      store("pending").delete(IDBKeyRange.upperBound(settled.sequence));
      if (settled.sequence > (numbers.settled?.sequence ?? 0)) {
        store("meta").put({ next: Math.max(numbers.next, settled.sequence + 1), settled }, "numbers");
      }
      putKept(store, settlement.kept);
      for (const append of settlement.rejected) store("rejected").put(append, append.id);
    });
  }

  giveUp(sequence: number, problem: Problem): Promise<void> {
    return this.changeAsLeader(["meta", "pending"], "strict", async store => {
      const page = await answer(store("pending").get(IDBKeyRange.lowerBound(sequence)));
      const appends = pendingOf([page]).map(append =>
        append.sequence === sequence ? { ...append, givenUp: problem } : append,
      );
      putPending(store, appends);
    });
  }

  discardRejected(id: string): Promise<boolean> {
    return transact(this.database, ["rejected"], "strict", store => takeRejected(store, id));
  }

  rewind(settled: AppendRef | null): Promise<BufferContents> {
    return this.changeAsLeader(QUEUE, "strict", async store => {
      const from = settled?.sequence ?? 0;
      const { identity, pending } = await contentsIn(store);
      const range = IDBKeyRange.bound([identity.clientId, from + 1], [identity.clientId, Infinity]);
      const kept = keptOf(await answer(store("kept").getAll(range)));
      store("kept").delete(range);
      putKept(
        store,
        kept.filter(append => append.sequence <= from),
      );
      const lost = kept.filter(append => append.sequence > from).map(pendingAgain);
      const unsettled = [...lost, ...pending];
      const next = (unsettled.at(-1)?.sequence ?? from) + 1;
      store("pending").clear();
      putPending(store, unsettled);
      store("meta").put({ next, settled } satisfies Numbers, "numbers");
      return await contentsIn(store);
    });
  }

  restamp(identity: StoredIdentity): Promise<BufferContents> {
    return this.changeAsLeader(QUEUE, "strict", async store => {
      const unsettled = (await contentsIn(store)).pending.map((append, place) => ({ ...append, sequence: place + 1 }));
      store("pending").clear();
      putPending(store, unsettled);
      store("meta").put(identity, "identity");
      store("meta").delete("follows");
      store("meta").put({ next: unsettled.length + 1, settled: null }, "numbers");
      return await contentsIn(store);
    });
  }

  confirm(change: ConfirmedChange): Promise<void> {
    return this.changeAsLeader(CONFIRMED, "relaxed", store => {
      if (change.cursor !== undefined) store("meta").put(change.cursor, "cursor");
      if (change.follows !== undefined) store("meta").put(change.follows, "follows");
      if (change.forgetAll) for (const name of READ) store(name).clear();
      for (const moved of change.aggregates) confirmAggregate(store, moved);
      return Promise.resolve();
    });
  }

  loadAggregate(aggregate: string): Promise<StoredAggregate | undefined> {
    return transact(this.database, READ, "readonly", async store => {
      const [row, pages, snapshot] = await Promise.all([
        answer(store("aggregates").get(aggregate)) as Promise<AggregateRow | undefined>,
        answer(store("registers").getAll(all(aggregate))) as Promise<string[]>,
        answer(store("history").get(snapshotKey(aggregate))) as Promise<Snapshot | undefined>,
      ]);
      if (row === undefined) return undefined;
      const registers = new LazyMap<ConfirmedRegister>();
      for (const page of pages) readPage(page, registers);
      return defined({ ...row, aggregate, registers, snapshot });
    });
  }

  loadHistory(aggregate: string, after: number, limit: number): Promise<readonly RecordedEvent[]> {
    return transact(this.database, ["history"], "readonly", async store => {
      const range = IDBKeyRange.bound([aggregate, after], [aggregate, Infinity], true);
      return (await answer(store("history").getAll(range, limit))) as RecordedEvent[];
    });
  }

  loadKept(position: number): Promise<readonly KeptAppend[]> {
    return transact(this.database, ["kept"], "readonly", async store => {
      const range = IDBKeyRange.lowerBound(position, true);
      const kept = keptOf(await answer(store("kept").index("landed").getAll(range)));
      return kept.filter(append => landed(append) > position);
    });
  }

  pruneKept(time: number): Promise<void> {
    return transact(this.database, ["kept"], "relaxed", async store => {
      const cursor = store("kept").openCursor();
      for (let row = await answer(cursor); row !== null; row = await answer(cursor)) {
        if (keptOf([row.value as KeptPage])[0]!.settledAt < time) row.delete();
        row.continue();
      }
    });
  }

  async persistent(): Promise<boolean | undefined> {
    const storage = (globalThis.navigator as Navigator | undefined)?.storage as Partial<StorageManager> | undefined;
    return (await storage?.persisted?.()) || (await storage?.persist?.());
  }

  close(): Promise<void> {
    this.database.close();
    return Promise.resolve();
  }

  /** A change that only the leading tab makes: refused when another one leads by now. */
  private changeAsLeader<T>(
    stores: readonly StoreName[],
    mode: "strict" | "relaxed",
    work: (store: Store) => Promise<T>,
  ): Promise<T> {
    return transact(this.database, stores, mode, async store => {
      const { term } = this;
      if (term !== undefined && term !== (await inMeta(store, "term"))) throw new SupersededError();
      return await work(store);
    });
  }
}

function inMeta<T>(store: Store, name: string): Promise<T | undefined> {
  return answer(store("meta").get(name) as IDBRequest<T | undefined>);
}

function identityIn(store: Store): Promise<StoredIdentity | undefined> {
  return inMeta(store, "identity");
}

async function numbersIn(store: Store): Promise<Numbers> {
  return (await inMeta<Numbers>(store, "numbers")) ?? NO_NUMBERS;
}

/** Takes an append off the rejected list; false when another tab was sooner. */
async function takeRejected(store: Store, id: string): Promise<boolean> {
  const isThere = (await answer(store("rejected").getKey(id))) !== undefined;
  if (isThere) store("rejected").delete(id);
  return isThere;
}

async function contentsIn(store: Store): Promise<BufferContents> {
  const [identity, { settled }, cursor = null, follows = [], pages, rejected] = await Promise.all([
    identityIn(store) as Promise<StoredIdentity>,
    numbersIn(store),
    inMeta<Cursor | null>(store, "cursor"),
    inMeta<string[]>(store, "follows"),
    answer(store("pending").getAll()),
    answer(store("rejected").getAll()) as Promise<RejectedAppend[]>,
  ]);
  const pending = pendingOf(pages).filter(append => append.sequence > (settled?.sequence ?? 0));
  return { identity, settled, pending, rejected, cursor, follows };
}

function confirmAggregate(store: Store, change: AggregateChange): void {
  const { aggregate, version, position, registers, historyAfter, tail, snapshot } = change;
  if (change.forget || change.resetRegisters) putRegisters(store, aggregate, registers);
  else for (const pair of registers) putPage(store, aggregate, [pair], pair[0]);
  if (change.forget) {
    store("aggregates").delete(aggregate);
    store("history").delete(all(aggregate));
    return;
  }
  const row: AggregateRow = defined({ version, position, historyAfter, tail: tail || undefined });
  store("aggregates").put(row, aggregate);
  if (historyAfter !== undefined) {
    store("history").delete(IDBKeyRange.bound([aggregate, 0], [aggregate, historyAfter]));
  }
  if (snapshot !== undefined) store("history").put(snapshot, snapshotKey(aggregate));
  for (const event of change.history) store("history").put(event, [aggregate, event.version]);
}

function snapshotKey(aggregate: string): [string, string] {
  return [aggregate, "snapshot"];
}

/** All rows of an aggregate: an array sorts behind every string and number. */
function all(aggregate: string): IDBKeyRange {
  return IDBKeyRange.bound([aggregate], [aggregate, []]);
}

function pagesOf<T>(rows: readonly T[], size = APPENDS_PER_PAGE): T[][] {
  const pages: T[][] = [];
  for (let from = 0; from < rows.length; from += size) pages.push(rows.slice(from, from + size));
  return pages;
}

function putPending(store: Store, appends: readonly PendingAppend[]): void {
  for (const page of pagesOf(appends)) store("pending").put(page, page.at(-1)!.sequence);
}

function pendingOf(pages: readonly unknown[]): PendingAppend[] {
  return pages.flat() as PendingAppend[];
}

function putKept(store: Store, kept: readonly KeptAppend[]): void {
  for (const appends of pagesOf(kept)) {
    const { client, sequence } = appends.at(-1)!;
    store("kept").put({ appends, landed: Math.max(...appends.map(landed)) } satisfies KeptPage, [client, sequence]);
  }
}

function landed({ confirmation }: KeptAppend): number {
  return confirmation?.positions[1] ?? 0;
}

function keptOf(pages: readonly (KeptPage | FormerKept)[]): KeptAppend[] {
  return pages.flatMap(page => ("appends" in page ? page.appends : page));
}

/** Puts these in the place of all that there are. */
function putRegisters(store: Store, aggregate: string, registers: Registers): void {
  store("registers").delete(all(aggregate));
  const set = registers.filter(([, register]) => register !== null);
  pagesOf(set, REGISTERS_PER_PAGE).forEach((page, number) => putPage(store, aggregate, page, number));
}

function putPage(store: Store, aggregate: string, page: Registers, name: string | number): void {
  store("registers").put(pageText(page), [aggregate, name]);
}
