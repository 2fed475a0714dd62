/**
 * Any state that is a fold of an aggregate's events: confirmed ones in the order of the log, and on top of them those
 * of this client that were not read back yet. `apply` is pure; the pending part is folded anew whenever either changes.
 */
import type { EventInput, RecordedEvent, Snapshot } from "../model.js";
import { Signal } from "../sync/signal.js";
import type { History } from "./confirmed-aggregate.js";
import type { OpenAggregate } from "./open-aggregate.js";

/** An event as a projection sees it: of the log, or this client's and still on its way. */
export type AppliedEvent = (RecordedEvent & { readonly pending: false }) | (EventInput & { readonly pending: true });

/** A state of your own as a fold of events. */
export interface ProjectionOf<S, Event = AppliedEvent> {
  /** The state before the first event, or what makes it. */
  readonly initial: S | (() => S);
  /** The state after one more event. Pure: it is run again for pending events whenever something comes before them. */
  readonly apply: (state: S, event: Event) => S;
  /**
   * The state that a published snapshot holds (`Celeriant.publishSnapshot`). With it, only the events behind the latest
   * snapshot are read; without it, all that there are. When it throws, they are all read, too.
   */
  readonly fromSnapshot?: (snapshot: Snapshot) => S;
}

const PAGE = 1_000;

/**
 * A state that is kept at the fold of an aggregate's events; see `AggregateView.project`. Unreadable events, and those
 * on which `apply` throws, are set aside (`AggregateView.quarantined`).
 *
 * @example
 * ```ts
 * const view = await app.open("counter/visits");
 * const visits = view.project({
 *   initial: 0,
 *   apply: (sum, event) => sum + Number(event.data),
 *   fromSnapshot: snapshot => Number(snapshot.data),
 * });
 * await visits.ready;
 * const { confirmed, version } = visits;
 * if (version > 0) await app.publishSnapshot("counter/visits", { version, data: confirmed });
 * ```
 */
export class Projection<S> {
  /** Resolves when every event that is known here is in the state. */
  readonly ready: Promise<void>;
  private base!: S;
  /** The version of the confirmed part of the state. */
  version = 0;
  private folding: number;
  private shown: { state: S } | undefined;
  private foldingAll: Promise<void> | undefined;
  /** Appends that are folded and not taken off the overlay yet. */
  private readonly folded = new Set<string>();
  private readonly stops: (() => void)[] = [];
  private readonly changed = new Signal();
  private wants: History;
  private closed = false;

  constructor(
    private readonly open: OpenAggregate,
    private readonly of: ProjectionOf<S>,
    private readonly wantAll: () => void,
  ) {
    this.wants = of.fromSnapshot === undefined ? "all" : "tail";
    this.start();
    this.folding = open.folding;
    this.ready = this.fold();
    this.stops.push(
      open.advanced.hear(() => this.advance()),
      open.overlay.hear(open.name, (entry, change) => {
        const shownAsConfirmed = change === "removed" && this.folded.delete(entry.id);
        if (!shownAsConfirmed) this.show();
      }),
    );
  }

  /** The state with what is pending on top. */
  get state(): S {
    this.shown ??= { state: this.withPending() };
    return this.shown.state;
  }

  /** The state without what is pending: what a snapshot of this `version` holds. */
  get confirmed(): S {
    return this.base;
  }

  /** Calls back whenever the state may be another one. */
  subscribe(listener: () => void): () => void {
    return this.changed.hear(listener);
  }

  /** Ends it; the state stays as it is. */
  close(): void {
    this.closed = true;
    for (const stop of this.stops) stop();
  }

  private start(): void {
    const { initial } = this.of;
    this.base = typeof initial === "function" ? (initial as () => S)() : initial;
    this.version = 0;
  }

  /** Whether the next events are there: as far back as is wanted, or at least to where this fold stands. */
  private get fed(): boolean {
    const { historyAfter = Infinity } = this.open.confirmed;
    return this.open.has(this.wants) || (this.version > 0 && this.version >= historyAfter);
  }

  /** Begins with the snapshot, or anew, when the events that come next are not there: trimmed, or deleted. */
  private async startFromSnapshot(): Promise<void> {
    const { confirmed, name, reading } = this.open;
    const { snapshot, historyAfter = 0 } = confirmed;
    const { fromSnapshot } = this.of;
    if (snapshot === undefined || this.version >= historyAfter) return;
    try {
      const opened = fromSnapshot && (await reading.snapshot(name, snapshot));
      this.start();
      if (opened !== undefined) this.base = fromSnapshot!(opened);
      this.version = fromSnapshot === undefined ? historyAfter : snapshot.version;
    } catch (error) {
      this.open.setAside(snapshot.version, String(error));
      this.wants = "all";
      this.wantAll();
    }
  }

  /** Events that came just now are folded in the same turn in which they leave the overlay: nothing counts twice. */
  private advance(): void {
    const recent =
      this.folding === this.open.folding && this.foldingAll === undefined && this.fed
        ? this.open.recent(this.version)
        : undefined;
    if (recent === undefined) {
      void this.fold();
      return;
    }
    this.foldEvents(recent);
    this.show();
  }

  private fold(): Promise<void> {
    this.foldingAll ??= this.foldAll().finally(() => {
      this.foldingAll = undefined;
    });
    // Nobody has to wait for it: of a client that is closed, say, nothing is folded any more.
    this.foldingAll.catch(() => undefined);
    return this.foldingAll;
  }

  private async foldAll(): Promise<void> {
    while (!this.closed) {
      if (this.folding !== this.open.folding) {
        this.folding = this.open.folding;
        this.start();
      }
      const { folding } = this;
      if (this.open.has(this.wants)) await this.startFromSnapshot();
      if (!this.fed) return;
      const events = await this.open.history(this.version, PAGE);
      if (folding !== this.open.folding) continue;
      this.foldEvents(events);
      this.show();
      if (events.length === 0 || this.version >= this.open.confirmed.version) return;
    }
  }

  private foldEvents(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      this.base = this.apply(this.base, { ...event, pending: false }, event.version);
      if (this.open.overlay.has(this.open.name, event.append)) this.folded.add(event.append);
    }
    this.version = events.at(-1)?.version ?? this.version;
  }

  private withPending(): S {
    let state = this.base;
    for (const entry of this.open.overlay.entries(this.open.name)) {
      if (this.folded.has(entry.id)) continue;
      if ((entry.confirmation?.versions[this.open.name] ?? Infinity) <= this.version) continue;
      for (const event of entry.events) {
        if (event.aggregate === this.open.name) state = this.apply(state, { ...event, pending: true });
      }
    }
    return state;
  }

  /** One step of the fold. An event that cannot be read, or that breaks `apply`, changes nothing and is set aside. */
  private apply(state: S, event: AppliedEvent, version?: number): S {
    let { unreadable: reason, ...shown } = this.open.reading.event(event);
    try {
      if (reason === undefined) return this.of.apply(state, shown);
    } catch (error) {
      reason = String(error);
    }
    if (version !== undefined) this.open.setAside(version, reason);
    return state;
  }

  private show(): void {
    this.shown = undefined;
    this.changed.tell();
  }
}
