/**
 * All aggregates that the application has open, and where reading the merged log for them stands. What is known is
 * read from the buffer when one is opened; moving on is the follower's.
 */
import type { AggregateChange, BufferContents, ConfirmedChange, Cursor, LocalBuffer } from "../buffer/local-buffer.js";
import { MAX_AGGREGATES_FOLLOWED } from "../limits.js";
import type { RecordedEvent } from "../model.js";
import { Signal } from "../sync/signal.js";
import { OpenAggregate } from "./open-aggregate.js";
import type { Overlay } from "./overlay.js";

export class OpenAggregates {
  /** Told when the set that must be followed, or what is wanted of one of them, changed. */
  readonly wanted = new Signal();
  /** Told when the cursor moved. */
  readonly moved = new Signal();
  cursor: Cursor | null;
  /** Those that are complete up to the cursor. */
  private follows: ReadonlySet<string>;
  private readonly byName = new Map<string, OpenAggregate>();
  private readonly opening = new Map<string, Promise<OpenAggregate>>();
  /** Why the confirmed state is not being stored any more; it can be read again, so that reading goes on. */
  private storeFailure: unknown;

  constructor(
    private readonly buffer: LocalBuffer,
    contents: BufferContents,
    private readonly overlay: Overlay,
    private readonly clientId: () => string,
  ) {
    this.cursor = contents.cursor;
    this.follows = new Set(contents.follows);
  }

  names(): readonly string[] {
    return [...this.byName.keys()];
  }

  get(name: string): OpenAggregate | undefined {
    return this.byName.get(name);
  }

  /** The position up to which an aggregate was read; undefined for one that is not open. */
  readUpTo(name: string): number | undefined {
    const open = this.byName.get(name);
    if (open === undefined) return undefined;
    const position = open.confirmed.position;
    return this.follows.has(name) ? Math.max(position, this.cursor?.position ?? 0) : position;
  }

  async open(name: string): Promise<OpenAggregate> {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    if (this.byName.size + this.opening.size >= MAX_AGGREGATES_FOLLOWED) {
      throw new RangeError(`more than ${MAX_AGGREGATES_FOLLOWED} aggregates open at once`);
    }
    let opening = this.opening.get(name);
    if (opening === undefined) {
      opening = this.load(name).finally(() => this.opening.delete(name));
      this.opening.set(name, opening);
    }
    return await opening;
  }

  /** The last view of it was closed. */
  close(name: string): void {
    this.byName.get(name)?.close();
    this.byName.delete(name);
  }

  /** Those whose state must be read before the stream can go on from the cursor. */
  toRead(): readonly OpenAggregate[] {
    return [...this.byName.values()].filter(
      open => !this.follows.has(open.name) || (open.wantsHistory && !open.hasHistory),
    );
  }

  /** Events of the merged log in order, up to a position. Returns the names of those that showed a gap. */
  async advance(events: readonly RecordedEvent[], position: number): Promise<readonly string[]> {
    const gaps: string[] = [];
    const changes: AggregateChange[] = [];
    for (const [name, own] of byAggregate(events)) {
      const open = this.byName.get(name);
      if (open === undefined || !this.follows.has(name)) continue;
      const change = open.advance(own);
      if (change === undefined) gaps.push(name);
      else changes.push(change);
      this.overlay.readBack(name, new Set(own.map(event => event.append)), position);
    }
    const follows = gaps.length === 0 ? {} : { follows: [...this.follows].filter(name => !gaps.includes(name)) };
    await this.store({ cursor: { ...this.cursor, position }, ...follows, aggregates: changes });
    return gaps;
  }

  /** What was read of some aggregates takes the place of what was known. */
  async replace(changes: readonly AggregateChange[]): Promise<void> {
    for (const change of changes) {
      this.byName.get(change.aggregate)?.take(change);
      this.overlay.readBack(change.aggregate, new Set(), change.position);
    }
    await this.store({ aggregates: changes });
  }

  /** All that are open are complete up to the cursor from now on. */
  async follow(cursor: Cursor, names: readonly string[]): Promise<void> {
    await this.store({ cursor, follows: names, aggregates: [] });
  }

  /** Nothing that is known can be trusted to be what this log says. */
  async distrust(): Promise<void> {
    for (const open of this.byName.values()) open.distrust();
    await this.store({ cursor: null, follows: [], forgetAll: true, aggregates: [] });
  }

  /** The log and this client agree on what it says up to here. */
  async agree(cursor: Cursor): Promise<void> {
    await this.store({ cursor, aggregates: [] });
  }

  /** The reader may not see the aggregate any more: its confirmed state is dropped; what is pending stays. */
  async forget(name: string, position: number | undefined): Promise<void> {
    const change = { aggregate: name, version: 0, position: 0, registers: [], history: [], forget: true };
    const open = this.byName.get(name);
    if (open !== undefined) open.revoked = true;
    open?.take(change);
    await this.store({ ...this.moveTo(position), aggregates: [change] });
  }

  /** The reader may see the aggregate from here on; what was before is its state, which must be read. */
  async granted(name: string, position: number | undefined): Promise<void> {
    const open = this.byName.get(name);
    if (open !== undefined) open.revoked = false;
    await this.store({
      ...this.moveTo(position),
      follows: [...this.follows].filter(other => other !== name),
      aggregates: [],
    });
  }

  private moveTo(position: number | undefined): Pick<ConfirmedChange, "cursor"> {
    return position === undefined ? {} : { cursor: { ...this.cursor, position } };
  }

  private async load(name: string): Promise<OpenAggregate> {
    const stored = await this.buffer.loadAggregate(name);
    const position = this.follows.has(name) ? (this.cursor?.position ?? 0) : (stored?.position ?? 0);
    // Settled appends that were not read back before the last stop still belong on top.
    for (const kept of await this.buffer.loadKept(position)) {
      if (kept.confirmation !== undefined && kept.events.some(event => event.aggregate === name)) {
        this.overlay.addSettled(name, kept.id, kept.events, kept.confirmation);
      }
    }
    const open = new OpenAggregate(name, this.buffer, this.overlay, this.clientId, stored);
    this.byName.set(name, open);
    this.wanted.tell();
    return open;
  }

  private async store(change: ConfirmedChange): Promise<void> {
    if (change.cursor !== undefined) this.cursor = change.cursor;
    if (change.follows !== undefined) this.follows = new Set(change.follows);
    if (this.storeFailure === undefined) {
      try {
        await this.buffer.confirm(change);
        for (const moved of change.aggregates) this.byName.get(moved.aggregate)?.saved(moved);
      } catch (error) {
        this.storeFailure = error;
      }
    }
    this.moved.tell();
  }
}

function byAggregate(events: readonly RecordedEvent[]): ReadonlyMap<string, readonly RecordedEvent[]> {
  const groups = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const group = groups.get(event.aggregate);
    if (group === undefined) groups.set(event.aggregate, [event]);
    else group.push(event);
  }
  return groups;
}
