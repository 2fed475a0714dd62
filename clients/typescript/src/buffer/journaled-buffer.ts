/**
 * A local buffer whose contents are in memory and whose changes go to a journal first. With a journal on disk it is
 * the file buffer; with none it is the memory buffer of tests.
 *
 * Changes that wait while the journal is busy are written together, as one record and one sync. Sequences are given
 * out when a group is formed, from what is durable, so that a write that fails uses up no number.
 */
import type { AppendRef, PendingAppend, Problem, RecordedEvent } from "../model.js";
import {
  BufferWriteError,
  type BufferContents,
  type ConfirmedChange,
  type Draft,
  type KeptAppend,
  type LocalBuffer,
  type Settlement,
  type StoredAggregate,
  type StoredIdentity,
} from "./local-buffer.js";
import { BufferTables, type BufferChange } from "./tables.js";

/** Where changes are made durable. `write` is never called again before it settled. */
export interface Journal {
  /** Hands over every group written so far, in order. Called once, before any write. */
  open(replay: (changes: readonly BufferChange[]) => void): Promise<void>;
  /** Writes one group as a whole; when `durable`, it is on the disk before this resolves. */
  write(changes: readonly BufferChange[], durable: boolean): Promise<void>;
  /** Called between writes; may replace the journal by the shorter one that `snapshot` gives. */
  compact(snapshot: () => Iterable<BufferChange>): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly plan: () => BufferChange;
  readonly durable: boolean;
  /** Changes what sequences mean: stands in a group of its own. */
  readonly alone: boolean;
  readonly done: (change: BufferChange) => void;
  readonly failed: (error: unknown) => void;
}

export class JournaledBuffer implements LocalBuffer {
  readonly keyForm = "jwk";
  private readonly tables = new BufferTables();
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  private nextSequence = 1;
  /** The rejected appends that the group which is being formed takes off the list. */
  private readonly leaving = new Set<string>();
  private state: "new" | "open" | "closed" = "new";

  constructor(private readonly journal: Journal) {}

  async open(newIdentity: () => Promise<StoredIdentity>): Promise<BufferContents> {
    if (this.state !== "new") throw new Error("a buffer is opened once");
    this.state = "open";
    await this.journal.open(changes => changes.forEach(change => this.tables.apply(change)));
    if (!this.tables.hasIdentity) await this.begin(newIdentity);
    return this.tables.contents();
  }

  private async begin(newIdentity: () => Promise<StoredIdentity>): Promise<void> {
    try {
      const identity = await newIdentity();
      await this.change({ kind: "identity", identity }, true);
    } catch (error) {
      await this.journal.close();
      throw error;
    }
  }

  contents(): Promise<BufferContents> {
    return Promise.resolve(this.tables.contents());
  }

  async append(drafts: readonly Draft[]): Promise<readonly PendingAppend[]> {
    let numbered: readonly PendingAppend[] = [];
    await this.enqueue(
      () => {
        const taken = drafts.filter(({ retries }) => retries === undefined || this.takes(retries));
        numbered = taken.map(({ id, events, createdAt }) => ({
          sequence: this.nextSequence++,
          id,
          events,
          createdAt,
        }));
        return { kind: "append", appends: numbered, retries: taken.flatMap(draft => draft.retries ?? []) };
      },
      true,
      false,
    );
    return numbered;
  }

  /** Takes an append off the rejected list; false when there is none, or a change of the same group was sooner. */
  private takes(id: string): boolean {
    return this.tables.isRejected(id) && this.leaving.size < this.leaving.add(id).size;
  }

  async settle(settlement: Settlement): Promise<void> {
    await this.enqueue(
      () => {
        this.tables.checkSettlement(settlement);
        return { kind: "settle", settlement };
      },
      true,
      false,
    );
  }

  async giveUp(sequence: number, problem: Problem): Promise<void> {
    await this.change({ kind: "give-up", sequence, problem }, true);
  }

  async discardRejected(id: string): Promise<boolean> {
    let isThere = false;
    await this.enqueue(
      () => {
        isThere = this.takes(id);
        return { kind: "discard", id };
      },
      true,
      false,
    );
    return isThere;
  }

  async rewind(settled: AppendRef | null): Promise<BufferContents> {
    await this.enqueue(() => ({ kind: "rewind", settled }), true, true);
    return this.tables.contents();
  }

  async restamp(identity: StoredIdentity): Promise<BufferContents> {
    await this.enqueue(() => ({ kind: "restamp", identity }), true, true);
    return this.tables.contents();
  }

  async confirm(change: ConfirmedChange): Promise<void> {
    await this.change({ kind: "confirm", change }, false);
  }

  loadAggregate(aggregate: string): Promise<StoredAggregate | undefined> {
    return Promise.resolve(this.tables.loadAggregate(aggregate));
  }

  loadHistory(aggregate: string, after: number, limit: number): Promise<readonly RecordedEvent[]> {
    return Promise.resolve(this.tables.loadHistory(aggregate, after, limit));
  }

  loadKept(position: number): Promise<readonly KeptAppend[]> {
    return Promise.resolve(this.tables.loadKept(position));
  }

  async pruneKept(time: number): Promise<void> {
    await this.change({ kind: "prune", before: time }, false);
  }

  persistent(): Promise<boolean | undefined> {
    return Promise.resolve(undefined);
  }

  async close(): Promise<void> {
    if (this.state === "closed") return;
    this.state = "closed";
    await this.writing;
    await this.journal.close();
  }

  private change(change: BufferChange, durable: boolean): Promise<BufferChange> {
    return this.enqueue(() => change, durable, false);
  }

  private enqueue(plan: () => BufferChange, durable: boolean, alone: boolean): Promise<BufferChange> {
    if (this.state !== "open") return Promise.reject(new BufferWriteError(`the buffer is ${this.state}`));
    return new Promise((done, failed) => {
      this.waiting.push({ plan, durable, alone, done, failed });
      this.writing ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    // Let everything that was asked for in this turn join the first group.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      await this.writeGroup(this.takeGroup());
      if (this.waiting.length === 0) await this.compact();
    }
    this.writing = undefined;
  }

  private takeGroup(): Waiting[] {
    const barrier = this.waiting.findIndex(waiting => waiting.alone);
    const size = barrier < 0 ? this.waiting.length : Math.max(1, barrier);
    return this.waiting.splice(0, size);
  }

  private async writeGroup(group: readonly Waiting[]): Promise<void> {
    this.nextSequence = this.tables.nextSequence;
    this.leaving.clear();
    const planned: { waiting: Waiting; change: BufferChange }[] = [];
    for (const waiting of group) {
      try {
        planned.push({ waiting, change: waiting.plan() });
      } catch (error) {
        waiting.failed(error);
      }
    }
    if (planned.length === 0) return;
    try {
      await this.journal.write(
        planned.map(entry => entry.change),
        group.some(waiting => waiting.durable),
      );
    } catch (error) {
      for (const { waiting } of planned) waiting.failed(error);
      return;
    }
    for (const { waiting, change } of planned) {
      this.tables.apply(change);
      waiting.done(change);
    }
  }

  private async compact(): Promise<void> {
    try {
      await this.journal.compact(() => this.tables.snapshot());
    } catch {
      // The journal as it was is still whole and in use; compaction is tried again after the next write.
    }
  }
}
