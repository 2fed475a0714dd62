/**
 * One aggregate that the application has open: its confirmed state, its registers with what is pending on top, and its
 * events where somebody wants them. All views of an aggregate share it.
 */
import type { AggregateChange, LocalBuffer, StoredAggregate } from "../buffer/local-buffer.js";
import type { RecordedEvent } from "../model.js";
import type { Report } from "../sync/notice.js";
import { Signal } from "../sync/signal.js";
import { ConfirmedAggregate, type History } from "./confirmed-aggregate.js";
import { LayeredRegisters } from "./layered-registers.js";
import type { Overlay } from "./overlay.js";
import type { Reading } from "./reading.js";

/** What changed: the registers that may have another value now. */
export interface ViewChange {
  /** The keys of those registers. */
  readonly keys: ReadonlySet<string>;
}

export class OpenAggregate {
  readonly confirmed: ConfirmedAggregate;
  readonly layered: LayeredRegisters;
  /** Told when confirmed events came, or were replaced by a newer state. */
  readonly advanced = new Signal();
  /** Set while the reader may not see the aggregate. */
  revoked = false;
  /** What is wanted of its events, beside its registers. */
  wanted: History;
  /** Rises when the events that were handed out may not be those of the log any more. */
  epoch = 0;
  /** Rises when what was folded of them must be folded anew: with the epoch, and when the keys are other ones. */
  folding = 0;
  /** Events that could not be read or applied, by version, with the reason. They are passed over. */
  readonly quarantined = new Map<number, string>();
  /** The store takes no changes, and what it holds is of a log that is no more. */
  storeIsStale = false;
  /** How many views are open. */
  references = 0;
  /** Rises with everything that a view shows. */
  revision = 0;
  private readonly shown = new Signal<ViewChange>();
  private changedKeys: Set<string> | undefined;
  /** Events that are in the confirmed state and on their way into the buffer. */
  private unsaved: RecordedEvent[] = [];

  constructor(
    readonly name: string,
    private readonly buffer: LocalBuffer,
    readonly overlay: Overlay,
    clientId: () => string,
    readonly reading: Reading,
    private readonly report: Report,
    stored: StoredAggregate | undefined,
  ) {
    this.confirmed = new ConfirmedAggregate(name, stored);
    this.wanted = this.confirmed.historyAfter === undefined ? "none" : "tail";
    const changed = (keys: Set<string>) => this.tellViews(keys);
    this.layered = new LayeredRegisters(name, this.confirmed, overlay, clientId, reading, changed);
  }

  /** Whether its events are there as far back as `wanted` says. */
  has(wanted: History): boolean {
    return this.confirmed.keeps(wanted);
  }

  /** Returns whether more is wanted than before. */
  want(history: History): boolean {
    if (this.wanted === "all" || history === "none" || history === this.wanted) return false;
    this.wanted = history;
    return true;
  }

  subscribe(listener: (change: ViewChange) => void): () => void {
    return this.shown.hear(listener);
  }

  /** Moves on by events; undefined when they show a gap and the state must be read again. */
  advance(events: readonly RecordedEvent[]): AggregateChange | undefined {
    const change = this.confirmed.advance(events);
    if (change !== undefined) this.show(change);
    return change;
  }

  /** Takes a change that was made elsewhere: read from the gateway, or by the tab that leads. */
  take(change: AggregateChange): void {
    // Deleted, not to be seen any more, or lost by the log: folds begin anew.
    if (change.version < this.confirmed.version) this.folding++;
    this.confirmed.apply(change);
    this.show(change);
  }

  /** What is known may not be what the log says: it is shown until it is read again, and its events are dropped. */
  distrust(): void {
    this.epoch++;
    this.folding++;
    this.quarantined.clear();
    this.unsaved = [];
    this.confirmed.version = 0;
    this.confirmed.historyAfter = undefined;
    this.confirmed.snapshot = undefined;
    this.advanced.tell();
  }

  /** The change is in the buffer. */
  saved(change: AggregateChange): void {
    const last = change.history.at(-1)?.version ?? 0;
    if (this.unsaved.length > 0 && last > 0) this.unsaved = this.unsaved.filter(event => event.version > last);
  }

  /** Confirmed events behind a version, in order; empty when there are none yet. */
  async history(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    // What was trimmed may still be in the store, when that took no changes of late.
    const from = Math.max(after, this.confirmed.historyAfter ?? 0);
    const stored = this.storeIsStale ? [] : await this.buffer.loadHistory(this.name, from, limit);
    await this.reading.prepare(stored);
    const last = stored.at(-1)?.version ?? from;
    if (stored.length === limit) return stored;
    const upTo = this.confirmed.version;
    return [...stored, ...this.unsaved.filter(event => event.version > last && event.version <= upTo)];
  }

  /** Everything behind a version, if it came just now and is still in memory. */
  recent(after: number): readonly RecordedEvent[] | undefined {
    const { historyAfter = 0, version } = this.confirmed;
    const complete =
      after >= historyAfter &&
      (this.unsaved[0]?.version ?? Infinity) <= after + 1 &&
      this.unsaved.at(-1)?.version === version;
    return complete ? this.unsaved.filter(event => event.version > after) : undefined;
  }

  /** Everything is shown anew: with other keys, other things can be read. */
  async readAnew(): Promise<void> {
    await this.prepare();
    await this.reading.prepare(this.unsaved);
    this.folding++;
    this.quarantined.clear();
    this.layered.recomputeAll();
    this.advanced.tell();
  }

  /** Opens what is known of it, so that it can be shown. */
  async prepare(): Promise<void> {
    await this.reading.prepareRegisters(this.name, this.confirmed.registers);
    await this.reading.prepareOverlay(this.overlay, this.name);
  }

  /** The event is passed over, here and in every projection; that is told once. */
  setAside(version: number, reason: string): void {
    if (this.quarantined.has(version)) return;
    this.quarantined.set(version, reason);
    this.report({ kind: "quarantined", aggregate: this.name, version, reason });
  }

  close(): void {
    this.layered.close();
  }

  private show(change: AggregateChange): void {
    // What was hidden, and is read again, comes again.
    const first = change.history[0]?.version ?? Infinity;
    this.unsaved = [...this.unsaved.filter(event => event.version < first), ...change.history];
    if (change.resetRegisters || change.forget) this.layered.recomputeAll();
    else this.layered.recompute(new Set(change.registers.map(([key]) => key)));
    this.advanced.tell();
  }

  /** Views are told once for all that changed in a turn. */
  private tellViews(keys: Set<string>): void {
    this.revision++;
    if (this.changedKeys !== undefined) {
      for (const key of keys) this.changedKeys.add(key);
      return;
    }
    this.changedKeys = keys;
    queueMicrotask(() => {
      this.changedKeys = undefined;
      this.shown.tell({ keys });
    });
  }
}
