/**
 * What an application holds of an aggregate that it has open. The last known state is there at once, offline too; it
 * moves on by itself while the client is online. Close it when it is no longer shown.
 */
import type { EventInput } from "./model.js";
import { LogDivergedError } from "./protocol/errors.js";
import type { History } from "./state/confirmed-aggregate.js";
import type { OpenAggregate, ViewChange } from "./state/open-aggregate.js";
import type { OpenAggregates } from "./state/open-aggregates.js";
import type { OverlayEntry } from "./state/overlay.js";
import { Projection, type ProjectionOf } from "./state/projection.js";
import type { AnyEvents, AppliedOf, EventOf, RecordedOf, RegisterOf } from "./typed-events.js";

const EVENTS_PER_READ = 500;

/** Which events are read, and until when. */
export interface EventsOf {
  /** Begin behind this version; 0, when left out: with the first that there is. */
  readonly after?: number;
  /** Ends the reading without an error. */
  readonly signal?: AbortSignal;
}

/**
 * An aggregate that is open; see `Celeriant.open`.
 *
 * @example
 * ```ts
 * const view = await app.open("canvas/board-1");
 * const stop = view.subscribe(({ keys }) => {
 *   for (const key of keys) show(key, view.registers.get(key)?.data);
 * });
 * const painted = view.project({ initial: 0, apply: count => count + 1 });
 * await painted.ready;
 * show("cells painted so far", painted.state);
 * stop();
 * view.close();
 * ```
 */
export class AggregateView<E extends object = AnyEvents> {
  private closed = false;
  private readonly projections = new Set<Projection<unknown>>();

  /** @internal */
  constructor(
    /** @internal */
    readonly open: OpenAggregate,
    private readonly all: OpenAggregates,
  ) {
    open.references++;
  }

  /** `type/id` */
  get aggregate(): string {
    return this.open.name;
  }

  /** The latest value of every key, what is pending included. It is kept up to date in place. */
  get registers(): ReadonlyMap<string, RegisterOf<E>> {
    return this.open.layered as ReadonlyMap<string, unknown> as ReadonlyMap<string, RegisterOf<E>>;
  }

  /** The version of the confirmed state; 0: nothing is known of it, or it does not exist. */
  get version(): number {
    return this.open.confirmed.version;
  }

  /** Rises with every change of what this view shows. */
  get revision(): number {
    return this.open.revision;
  }

  /** False while this client may not read the aggregate. */
  get readable(): boolean {
    return !this.open.revoked;
  }

  /** This client's events of the aggregate that the log has not settled yet, in order. */
  get pending(): readonly EventOf<E>[] {
    const { name, overlay, reading } = this.open;
    const unsettled = (entry: OverlayEntry) => entry.confirmation === undefined;
    return [...overlay.entries(name)]
      .filter(unsettled)
      .flatMap(entry => entry.events.filter(event => event.aggregate === name))
      .map(event => reading.event<EventInput>(event) as EventOf<E>);
  }

  /** Confirmed events that could not be read, or that broke a projection, by version, with the reason. */
  get quarantined(): ReadonlyMap<number, string> {
    return this.open.quarantined;
  }

  /** Calls back after each turn in which something changed, with the keys of the registers that did. */
  subscribe(listener: (change: ViewChange) => void): () => void {
    return this.open.subscribe(listener);
  }

  /** Confirmed events in the order of the log, then live, until the signal is aborted or view or client are closed. */
  async *events(of: EventsOf = {}): AsyncGenerator<RecordedOf<E>, void, undefined> {
    const { signal } = of;
    if (signal?.aborted) return;
    this.want("all");
    const { epoch } = this.open;
    let after = of.after ?? 0;
    const over = () => this.closed || this.all.ended;
    const there = () =>
      over() || this.open.epoch !== epoch || (this.open.has("all") && this.open.confirmed.version > after);
    try {
      for (;;) {
        await this.open.advanced.until(there, signal);
        if (over()) return;
        if (this.open.epoch !== epoch) throw new LogDivergedError(this.open.name);
        const events = await this.open.history(after, EVENTS_PER_READ);
        for (const event of events) {
          if (signal?.aborted) return;
          const shown = this.open.reading.event(event);
          if (shown.unreadable === undefined) yield shown as RecordedOf<E>;
          else this.open.setAside(event.version, shown.unreadable);
        }
        after = events.at(-1)?.version ?? this.open.confirmed.version;
      }
    } catch (error) {
      if (!signal?.aborted && !over()) throw error;
    }
  }

  /** A state of your own: the fold of all confirmed events, with those that are pending on top. */
  project<S>(of: ProjectionOf<S, AppliedOf<E>>): Projection<S> {
    this.want(of.fromSnapshot === undefined ? "all" : "tail");
    const projection = new Projection<S>(this.open, of as ProjectionOf<S>, () => this.want("all"));
    this.projections.add(projection as Projection<unknown>);
    return projection;
  }

  /** Ends what was begun with this view. The aggregate is followed as long as another one is open. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const projection of this.projections) projection.close();
    this.open.advanced.tell();
    if (--this.open.references === 0) this.all.close(this.open.name);
  }

  private want(history: History): void {
    if (this.open.want(history)) this.all.wanted.tell();
  }
}
