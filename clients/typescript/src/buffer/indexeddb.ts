/**
 * The local buffer of a browser: one IndexedDB database, shared by all tabs of an origin. What an application was told
 * is durable is written with `durability: "strict"`; the confirmed state, which the log can give again, is not, and
 * it moves in transactions of its own that are there as a whole or not at all.
 *
 * Numbers are given out inside the transaction that stores the append, so that any tab may append.
 */
import type { AppendRef, PendingAppend, Problem, RecordedEvent, RejectedAppend, Snapshot } from "../model.js";
import { answer, openDatabase, transact, type StoreName } from "./indexeddb-schema.js";
import {
  IdentityChangedError,
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
import { pendingAgain } from "./tables.js";

interface Numbers {
  readonly next: number;
  readonly settled: AppendRef | null;
}

type Store = (name: StoreName) => IDBObjectStore;
type AggregateRow = Omit<StoredAggregate, "registers" | "aggregate" | "snapshot">;

const NO_NUMBERS: Numbers = { next: 1, settled: null };
const QUEUE: readonly StoreName[] = ["meta", "pending", "rejected", "kept"];
const CONFIRMED: readonly StoreName[] = ["meta", "aggregates", "registers", "history"];

/** A buffer in IndexedDB, shared by all tabs of the origin: what `connect` takes in a browser when it is given none. */
export function indexedDbBuffer(name: string, factory: IDBFactory = indexedDB): LocalBuffer {
  return new IndexedDbBuffer(name, factory);
}

class IndexedDbBuffer implements LocalBuffer {
  readonly keyForm = "handle";
  readonly sharedAs: string;
  private term: number | undefined;
  private opened: IDBDatabase | undefined;

  constructor(
    private readonly name: string,
    private readonly factory: IDBFactory,
  ) {
    this.sharedAs = name;
  }

  async open(newIdentity: () => Promise<StoredIdentity>): Promise<BufferContents> {
    this.opened = await openDatabase(this.factory, this.name);
    this.opened.onversionchange = () => this.opened?.close();
    const known = await transact(
      this.database,
      ["meta"],
      "readonly",
      async store => (await answer(store("meta").get("identity"))) as StoredIdentity | undefined,
    );
    if (known === undefined) {
      // Made outside the transaction, which would not wait for it; the first tab to store one wins.
      const identity = await newIdentity();
      await transact(this.database, ["meta"], "strict", async store => {
        if ((await answer(store("meta").get("identity"))) === undefined) store("meta").put(identity, "identity");
      });
    }
    return await this.contents();
  }

  lead(): Promise<void> {
    return transact(this.database, ["meta"], "strict", async store => {
      const term = ((await answer(store("meta").get("term"))) as number | undefined) ?? 0;
      store("meta").put(term + 1, "term");
      this.term = term + 1;
    });
  }

  contents(): Promise<BufferContents> {
    return transact(this.database, QUEUE, "readonly", contentsIn);
  }

  append(drafts: readonly Draft[]): Promise<readonly PendingAppend[]> {
    return transact(this.database, ["meta", "pending", "rejected"], "strict", async store => {
      const numbers = await numbersIn(store);
      const appends = drafts.map(({ id, events, createdAt }, place) => ({
        sequence: numbers.next + place,
        id,
        events,
        createdAt,
      }));
      for (const append of appends) store("pending").put(append, append.sequence);
      for (const draft of drafts) {
        if (draft.retries !== undefined) store("rejected").delete(draft.retries);
      }
      store("meta").put({ ...numbers, next: numbers.next + drafts.length }, "numbers");
      return appends;
    });
  }

  settle(settlement: Settlement): Promise<void> {
    return this.changeAsLeader(QUEUE, "strict", async store => {
      const identity = (await answer(store("meta").get("identity"))) as StoredIdentity;
      if (identity.clientId !== settlement.client) throw new IdentityChangedError();
      const numbers = await numbersIn(store);
      const { settled } = settlement;
      store("pending").delete(IDBKeyRange.upperBound(settled.sequence));
      if (settled.sequence > (numbers.settled?.sequence ?? 0)) {
        store("meta").put({ next: Math.max(numbers.next, settled.sequence + 1), settled }, "numbers");
      }
      for (const append of settlement.kept) {
        store("kept").put({ ...append, landed: append.confirmation?.positions[1] ?? 0 }, keptKey(append));
      }
      for (const append of settlement.rejected) store("rejected").put(append, append.id);
    });
  }

  giveUp(sequence: number, problem: Problem): Promise<void> {
    return this.changeAsLeader(["meta", "pending"], "strict", async store => {
      const append = (await answer(store("pending").get(sequence))) as PendingAppend | undefined;
      if (append !== undefined) store("pending").put({ ...append, givenUp: problem }, sequence);
    });
  }

  discardRejected(id: string): Promise<void> {
    return transact(this.database, ["rejected"], "strict", async store => {
      store("rejected").delete(id);
    });
  }

  rewind(settled: AppendRef | null): Promise<BufferContents> {
    return this.changeAsLeader(QUEUE, "strict", async store => {
      const from = settled?.sequence ?? 0;
      const identity = (await answer(store("meta").get("identity"))) as StoredIdentity;
      const range = IDBKeyRange.bound([identity.clientId, from + 1], [identity.clientId, Infinity]);
      const lost = (await answer(store("kept").getAll(range))) as KeptAppend[];
      store("kept").delete(range);
      for (const append of lost) store("pending").put(pendingAgain(append), append.sequence);
      const contents = await contentsIn(store);
      const next = (contents.pending.at(-1)?.sequence ?? from) + 1;
      store("meta").put({ next, settled } satisfies Numbers, "numbers");
      return { ...contents, settled };
    });
  }

  restamp(identity: StoredIdentity): Promise<BufferContents> {
    return this.changeAsLeader(QUEUE, "strict", async store => {
      const unsettled = (await answer(store("pending").getAll())) as PendingAppend[];
      store("pending").clear();
      unsettled.forEach((append, place) => store("pending").put({ ...append, sequence: place + 1 }, place + 1));
      store("meta").put(identity, "identity");
      store("meta").put({ next: unsettled.length + 1, settled: null }, "numbers");
      return await contentsIn(store);
    });
  }

  confirm(change: ConfirmedChange): Promise<void> {
    return this.changeAsLeader(CONFIRMED, "relaxed", store => {
      if (change.cursor !== undefined) store("meta").put(change.cursor, "cursor");
      if (change.follows !== undefined) store("meta").put(change.follows, "follows");
      if (change.forgetAll) for (const name of ["aggregates", "registers", "history"] as const) store(name).clear();
      for (const moved of change.aggregates) confirmAggregate(store, moved);
      return Promise.resolve();
    });
  }

  loadAggregate(aggregate: string): Promise<StoredAggregate | undefined> {
    return transact(this.database, ["aggregates", "registers", "history"], "readonly", async store => {
      const row = (await answer(store("aggregates").get(aggregate))) as AggregateRow | undefined;
      if (row === undefined) return undefined;
      const [keys, values, snapshot] = await Promise.all([
        answer(store("registers").getAllKeys(all(aggregate))) as Promise<[string, string][]>,
        answer(store("registers").getAll(all(aggregate))),
        answer(store("history").get(snapshotKey(aggregate))) as Promise<Snapshot | undefined>,
      ]);
      const registers = new Map(keys.map(([, key], place) => [key, values[place]]));
      return { ...row, aggregate, registers, ...(snapshot === undefined ? {} : { snapshot }) } as StoredAggregate;
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
      return (await answer(store("kept").index("landed").getAll(range))) as KeptAppend[];
    });
  }

  pruneKept(time: number): Promise<void> {
    return transact(this.database, ["kept"], "relaxed", async store => {
      const cursor = store("kept").openCursor();
      for (let row = await answer(cursor); row !== null; row = await answer(cursor)) {
        if ((row.value as KeptAppend).settledAt < time) row.delete();
        row.continue();
      }
    });
  }

  async persistent(): Promise<boolean | undefined> {
    const storage = typeof navigator === "undefined" ? undefined : navigator.storage;
    if (storage?.persisted === undefined) return undefined;
    return (await storage.persisted()) || (await storage.persist());
  }

  close(): Promise<void> {
    this.opened?.close();
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
      if (term !== undefined && term !== (await answer(store("meta").get("term")))) throw new SupersededError();
      return await work(store);
    });
  }

  private get database(): IDBDatabase {
    if (this.opened === undefined) throw new Error(`${this.name}: the buffer was not opened`);
    return this.opened;
  }
}

async function numbersIn(store: Store): Promise<Numbers> {
  return ((await answer(store("meta").get("numbers"))) as Numbers | undefined) ?? NO_NUMBERS;
}

async function contentsIn(store: Store): Promise<BufferContents> {
  const [identity, numbers, cursor, follows, pending, rejected] = await Promise.all([
    answer(store("meta").get("identity")) as Promise<StoredIdentity>,
    numbersIn(store),
    answer(store("meta").get("cursor")) as Promise<Cursor | undefined>,
    answer(store("meta").get("follows")) as Promise<string[] | undefined>,
    answer(store("pending").getAll()) as Promise<PendingAppend[]>,
    answer(store("rejected").getAll()) as Promise<RejectedAppend[]>,
  ]);
  return { identity, settled: numbers.settled, pending, rejected, cursor: cursor ?? null, follows: follows ?? [] };
}

function confirmAggregate(store: Store, change: AggregateChange): void {
  const { aggregate, version, position, historyAfter, tail, snapshot } = change;
  if (change.forget || change.resetRegisters) store("registers").delete(all(aggregate));
  if (change.forget) {
    store("aggregates").delete(aggregate);
    store("history").delete(all(aggregate));
    return;
  }
  const row: AggregateRow = {
    version,
    position,
    ...(historyAfter === undefined ? {} : { historyAfter }),
    ...(tail ? { tail } : {}),
  };
  store("aggregates").put(row, aggregate);
  for (const [key, register] of change.registers) {
    if (register === null) store("registers").delete([aggregate, key]);
    else store("registers").put(register, [aggregate, key]);
  }
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

function keptKey(append: KeptAppend): [string, number] {
  return [append.client, append.sequence];
}
