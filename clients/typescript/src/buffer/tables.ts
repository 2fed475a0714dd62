/**
 * The contents of a buffer in memory, and the changes that it is made of. A change is plain data: the journal of the
 * file buffer is a list of them, and its contents are their fold. Single-threaded; knows no disk and no clock.
 */
import { defined } from "../defined.js";
import type {
  AppendRef,
  ConfirmedRegister,
  PendingAppend,
  Problem,
  RecordedEvent,
  RejectedAppend,
  Snapshot,
} from "../model.js";
import {
  identityChanged,
  pendingAgain,
  type BufferContents,
  type ConfirmedChange,
  type Cursor,
  type KeptAppend,
  type Settlement,
  type StoredAggregate,
  type StoredIdentity,
} from "./local-buffer.js";

export type BufferChange =
  | { readonly kind: "identity"; readonly identity: StoredIdentity }
  | { readonly kind: "append"; readonly appends: readonly PendingAppend[]; readonly retries: readonly string[] }
  | { readonly kind: "settle"; readonly settlement: Settlement }
  | { readonly kind: "give-up"; readonly sequence: number; readonly problem: Problem }
  | { readonly kind: "discard"; readonly id: string }
  | { readonly kind: "rewind"; readonly settled: AppendRef | null }
  | { readonly kind: "restamp"; readonly identity: StoredIdentity }
  | { readonly kind: "confirm"; readonly change: ConfirmedChange }
  | { readonly kind: "prune"; readonly before: number }
  | { readonly kind: "kept"; readonly kept: readonly KeptAppend[] }
  | { readonly kind: "rejected"; readonly rejected: readonly RejectedAppend[] }
  | { readonly kind: "settled"; readonly settled: AppendRef };

interface AggregateTable {
  version: number;
  position: number;
  readonly registers: Map<string, ConfirmedRegister>;
  historyAfter: number | undefined;
  tail: boolean;
  snapshot: Snapshot | undefined;
  history: RecordedEvent[];
}

export class BufferTables {
  private identity: StoredIdentity | undefined;
  private settled: AppendRef | null = null;
  private readonly pending = new Map<number, PendingAppend>();
  private readonly rejected = new Map<string, RejectedAppend>();
  private kept: KeptAppend[] = [];
  private cursor: Cursor | null = null;
  private follows: readonly string[] = [];
  private lastSequence = 0;
  private readonly aggregates = new Map<string, AggregateTable>();

  get hasIdentity(): boolean {
    return this.identity !== undefined;
  }

  isRejected(id: string): boolean {
    return this.rejected.has(id);
  }

  get nextSequence(): number {
    return this.lastSequence + 1;
  }

  contents(): BufferContents {
    if (this.identity === undefined) throw new Error("the buffer has no identity: it was not opened");
    return {
      identity: this.identity,
      settled: this.settled,
      pending: [...this.pending.values()],
      rejected: [...this.rejected.values()],
      cursor: this.cursor,
      follows: this.follows,
    };
  }

  apply(change: BufferChange): void {
    switch (change.kind) {
      case "identity":
        this.identity = change.identity;
        return;
      case "append":
        for (const append of change.appends) this.enqueue(append);
        for (const id of change.retries) this.rejected.delete(id);
        return;
      case "settle":
        this.settle(change.settlement);
        return;
      case "give-up":
        this.giveUp(change.sequence, change.problem);
        return;
      case "discard":
        this.rejected.delete(change.id);
        return;
      case "rewind":
        this.rewind(change.settled);
        return;
      case "restamp":
        this.restamp(change.identity);
        return;
      case "confirm":
        this.confirm(change.change);
        return;
      case "prune":
        this.kept = this.kept.filter(append => append.settledAt >= change.before);
        return;
      case "kept":
        for (const append of change.kept) this.kept.push(append);
        return;
      case "rejected":
        for (const append of change.rejected) this.rejected.set(append.id, append);
        return;
      case "settled":
        this.settleUpTo(change.settled);
        return;
    }
  }

  checkSettlement(settlement: Settlement): void {
    if (settlement.client !== this.identity?.clientId) throw identityChanged();
  }

  loadAggregate(name: string): StoredAggregate | undefined {
    const table = this.aggregates.get(name);
    if (table === undefined) return undefined;
    return {
      aggregate: name,
      version: table.version,
      position: table.position,
      registers: new Map(table.registers),
      ...historyFields(table),
    };
  }

  loadHistory(name: string, after: number, limit: number): readonly RecordedEvent[] {
    const history = this.aggregates.get(name)?.history ?? [];
    let low = 0;
    let high = history.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (history[middle]!.version <= after) low = middle + 1;
      else high = middle;
    }
    return history.slice(low, low + limit);
  }

  loadKept(position: number): readonly KeptAppend[] {
    // Under one identity positions rise with sequences, so that only the end needs a look.
    const behind: KeptAppend[] = [];
    for (let place = this.kept.length - 1; place >= 0; place--) {
      const append = this.kept[place]!;
      if (append.confirmation === undefined) continue;
      if (append.confirmation.positions[1] <= position) break;
      behind.push(append);
    }
    return behind.reverse();
  }

  /** The same contents as the shortest list of changes: what a compacted journal begins with. */
  *snapshot(): Generator<BufferChange> {
    if (this.identity !== undefined) yield { kind: "identity", identity: this.identity };
    if (this.settled !== null) yield { kind: "settled", settled: this.settled };
    if (this.pending.size > 0) yield { kind: "append", appends: [...this.pending.values()], retries: [] };
    if (this.rejected.size > 0) yield { kind: "rejected", rejected: [...this.rejected.values()] };
    if (this.kept.length > 0) yield { kind: "kept", kept: this.kept };
    for (const [aggregate, table] of this.aggregates) {
      const change = {
        aggregate,
        version: table.version,
        position: table.position,
        resetRegisters: true,
        registers: [...table.registers],
        history: table.history,
        ...historyFields(table),
      };
      yield { kind: "confirm", change: { aggregates: [change] } };
    }
    if (this.cursor !== null)
      yield { kind: "confirm", change: { cursor: this.cursor, follows: this.follows, aggregates: [] } };
  }

  private enqueue(append: PendingAppend): void {
    this.pending.set(append.sequence, append);
    this.lastSequence = Math.max(this.lastSequence, append.sequence);
  }

  private settleUpTo(settled: AppendRef): void {
    if (settled.sequence > (this.settled?.sequence ?? 0)) this.settled = settled;
    this.lastSequence = Math.max(this.lastSequence, settled.sequence);
  }

  private settle(settlement: Settlement): void {
    const last = settlement.settled.sequence;
    for (const sequence of this.pending.keys()) {
      if (sequence > last) break;
      this.pending.delete(sequence);
    }
    this.settleUpTo(settlement.settled);
    for (const append of settlement.kept) this.kept.push(append);
    for (const append of settlement.rejected) this.rejected.set(append.id, append);
  }

  private giveUp(sequence: number, problem: Problem): void {
    const append = this.pending.get(sequence);
    if (append !== undefined) this.pending.set(sequence, { ...append, givenUp: problem });
  }

  private rewind(settled: AppendRef | null): void {
    const from = settled?.sequence ?? 0;
    const client = this.identity?.clientId;
    const lost = this.kept.filter(append => append.client === client && append.sequence > from);
    const unsettled = [...lost.map(pendingAgain), ...this.pending.values()];
    this.kept = this.kept.filter(append => append.client !== client || append.sequence <= from);
    this.pending.clear();
    this.settled = settled;
    this.lastSequence = from;
    for (const append of unsettled) this.enqueue(append);
  }

  private restamp(identity: StoredIdentity): void {
    const unsettled = [...this.pending.values()];
    this.pending.clear();
    this.identity = identity;
    this.follows = [];
    this.settled = null;
    this.lastSequence = 0;
    unsettled.forEach((append, place) => this.enqueue({ ...append, sequence: place + 1 }));
  }

  private confirm(change: ConfirmedChange): void {
    if (change.cursor !== undefined) this.cursor = change.cursor;
    if (change.follows !== undefined) this.follows = change.follows;
    if (change.forgetAll) this.aggregates.clear();
    for (const moved of change.aggregates) {
      if (moved.forget) {
        this.aggregates.delete(moved.aggregate);
        continue;
      }
      const table = this.aggregates.get(moved.aggregate) ?? newTable();
      this.aggregates.set(moved.aggregate, table);
      table.version = moved.version;
      table.position = moved.position;
      if (moved.resetRegisters) table.registers.clear();
      for (const [key, register] of moved.registers) {
        if (register === null) table.registers.delete(key);
        else table.registers.set(key, register);
      }
      table.historyAfter = moved.historyAfter;
      table.tail = moved.tail ?? false;
      table.snapshot = moved.snapshot ?? table.snapshot;
      const from = moved.historyAfter ?? Infinity;
      if ((table.history[0]?.version ?? Infinity) <= from) {
        table.history = table.history.filter(event => event.version > from);
      }
      const last = table.history.at(-1)?.version ?? 0;
      for (const event of moved.history) {
        if (event.version > last && event.version > from) table.history.push(event);
      }
    }
  }
}

function newTable(): AggregateTable {
  return {
    version: 0,
    position: 0,
    registers: new Map(),
    historyAfter: undefined,
    tail: false,
    snapshot: undefined,
    history: [],
  };
}

function historyFields({ historyAfter, tail, snapshot }: AggregateTable) {
  return defined({ historyAfter, tail: tail || undefined, snapshot });
}
