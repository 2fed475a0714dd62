/**
 * All aggregates that the application has open, and where reading the merged log for them stands. What is known is
 * read from the buffer when one is opened; moving on is the follower's.
 */
import {
  SupersededError,
  type AggregateChange,
  type BufferContents,
  type ConfirmedChange,
  type Cursor,
  type KeptAppend,
  type LocalBuffer,
  type StoredAggregate,
} from "../buffer/local-buffer.js";
import { MAX_AGGREGATES_FOLLOWED } from "../limits.js";
import type { RecordedEvent } from "../model.js";
import type { Report } from "../sync/notice.js";
import { Signal } from "../sync/signal.js";
import type { History } from "./confirmed-aggregate.js";
import { OpenAggregate } from "./open-aggregate.js";
import type { Overlay } from "./overlay.js";
import type { Reading } from "./reading.js";

/** One aggregate that a tab has open. */
export interface Follow {
  readonly name: string;
  readonly history: History;
}

/** What a tab must know to move on by a stored change: where each aggregate stood before, and whose appends came. */
export interface StoredStep {
  readonly before: Readonly<Record<string, number>>;
  readonly readBack: Readonly<Record<string, readonly string[]>>;
}

const NO_STEP: StoredStep = { before: {}, readBack: {} };

export class OpenAggregates {
  /** Told when the set that must be followed, or what is wanted of one of them, changed. */
  readonly wanted = new Signal();
  /** Told when the cursor moved. */
  readonly moved = new Signal();
  cursor: Cursor | null;
  /** The client is closed. */
  ended = false;
  /** Those that are complete up to the cursor. */
  private follows: ReadonlySet<string>;
  private readonly byName = new Map<string, OpenAggregate>();
  private readonly opening = new Map<string, Promise<OpenAggregate>>();
  /** Why the confirmed state is not being stored any more; it can be read again, so that reading goes on. */
  private storeFailure: unknown;
  /** Told of every change that is in the buffer now, for the other tabs. */
  stored: ((change: ConfirmedChange, step: StoredStep) => void) | undefined;
  /** What other tabs have open, by tab. */
  private readonly held = new Map<string, ReadonlySet<string>>();
  /** Aggregates that changed in the buffer while they were being loaded. */
  private readonly staleLoads = new Set<string>();

  constructor(
    private readonly buffer: LocalBuffer,
    contents: BufferContents,
    private readonly overlay: Overlay,
    private readonly clientId: () => string,
    private readonly reading: Reading,
    private readonly report: Report,
  ) {
    this.cursor = contents.cursor;
    this.follows = new Set(contents.follows);
  }

  /** Up to where anything was read; a cursor alone was not. */
  get position(): number {
    return this.follows.size > 0 ? (this.cursor?.position ?? 0) : 0;
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

  /** Nothing more comes: those who read events are told. */
  end(): void {
    this.ended = true;
    for (const open of this.byName.values()) open.advanced.tell();
  }

  /** What the views of this tab want. */
  wantedHere(): readonly Follow[] {
    const open = [...this.byName.values()].filter(aggregate => aggregate.references > 0);
    return open.map(({ name, wanted }) => ({ name, history: wanted }));
  }

  /** Another tab has these open: they are followed for it. */
  async hold(tab: string, follows: readonly Follow[]): Promise<void> {
    const names = new Set(follows.map(follow => follow.name));
    const before = this.held.get(tab) ?? new Set();
    this.held.set(tab, names);
    for (const name of before) if (!names.has(name)) this.close(name);
    for (const { name, history } of follows) {
      const open = await this.open(name);
      if (open.want(history)) this.wanted.tell();
    }
  }

  /** Another tab is gone. */
  release(tab: string): void {
    const names = this.held.get(tab) ?? new Set();
    this.held.delete(tab);
    for (const name of names) this.close(name);
  }

  /** The last view of it was closed, here or in another tab. */
  close(name: string): void {
    if ((this.byName.get(name)?.references ?? 0) > 0) return;
    for (const names of this.held.values()) if (names.has(name)) return;
    this.byName.get(name)?.close();
    this.byName.delete(name);
    // It is in the store, and comes from there when the aggregate is opened again.
    this.overlay.dropSettled(name);
  }

  /** Those whose state must be read before the stream can go on from the cursor. */
  toRead(): readonly OpenAggregate[] {
    // Of one that may not be seen there is nothing to read, whatever is wanted of it.
    const isLacking = (open: OpenAggregate) => !open.revoked && !open.has(open.wanted);
    return [...this.byName.values()].filter(open => !this.follows.has(open.name) || isLacking(open));
  }

  /** Events of the merged log in order, up to a position, with the hash there. Those with gaps are read anew. */
  async advance(events: readonly RecordedEvent[], position: number, hash?: string): Promise<void> {
    await this.reading.prepare(events);
    const gaps: string[] = [];
    const changes: AggregateChange[] = [];
    const before: Record<string, number> = {};
    const readBack: Record<string, string[]> = {};
    for (const [name, own] of byAggregate(events)) {
      const open = this.byName.get(name);
      if (open === undefined || !this.follows.has(name)) continue;
      before[name] = open.confirmed.version;
      // One that was said not to be seen shows all the same: of another log, say, which never took the right away.
      const change = open.revoked ? undefined : open.advance(own);
      open.revoked = false;
      if (change === undefined) gaps.push(name);
      else changes.push(change);
      const ids = new Set(own.map(event => event.append));
      readBack[name] = [...ids];
      this.overlay.readBack(name, ids, position);
    }
    const follows = gaps.length === 0 ? {} : { follows: [...this.follows].filter(name => !gaps.includes(name)) };
    const cursor = this.cursorAt(position, hash);
    await this.store({ cursor, ...follows, aggregates: changes }, { before, readBack });
  }

  /** What was read of an aggregate takes the place of what was known; the cursor has the hash of the log it is of. */
  async replace(change: AggregateChange, cursor = this.cursor): Promise<void> {
    await this.prepare([change]);
    this.byName.get(change.aggregate)?.take(change);
    this.overlay.readBack(change.aggregate, new Set(), change.position);
    await this.store({ cursor, aggregates: [change] });
  }

  /** Opens what changes bring, so that it can be shown. */
  async prepare(changes: readonly AggregateChange[]): Promise<void> {
    for (const { aggregate, registers, history } of changes) {
      await this.reading.prepareRegisters(aggregate, registers);
      await this.reading.prepare(history);
    }
  }

  /** Everything that is open is shown anew. */
  async readAnew(): Promise<void> {
    this.reading.forget();
    for (const open of [...this.byName.values()]) await open.readAnew();
  }

  /** These are complete up to the cursor from now on, and nothing else. */
  async follow(names: readonly string[], cursor = this.cursor): Promise<void> {
    await this.store({ cursor, follows: names, aggregates: [] });
  }

  /** Nothing that is known can be trusted to be what this log says. */
  async distrust(): Promise<void> {
    for (const open of this.byName.values()) {
      open.distrust();
      this.overlay.dropSettled(open.name);
    }
    await this.store({ cursor: null, follows: [], forgetAll: true, aggregates: [] });
    for (const open of this.byName.values()) open.storeIsStale ||= this.storeFailure !== undefined;
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

  /** The client reads as another one from now on: what that one may see is read anew. */
  async readAsAnother(): Promise<void> {
    for (const open of this.byName.values()) open.revoked = false;
    await this.store({ follows: [], aggregates: [] });
  }

  private moveTo(position: number | undefined): Pick<ConfirmedChange, "cursor"> {
    return position === undefined ? {} : { cursor: this.cursorAt(position) };
  }

  /** A state may have been read, with its hash, from behind this position. */
  private cursorAt(position: number, hash?: string): Cursor {
    const isLater = hash !== undefined && position >= (this.cursor?.check?.position ?? 0);
    return { ...this.cursor, position, ...(isLater ? { check: { position, hash } } : {}) };
  }

  /** A change that the leading tab has stored. */
  takeStored(change: ConfirmedChange, step: StoredStep): void {
    this.stand(change);
    if (change.forgetAll) for (const open of this.byName.values()) open.distrust();
    for (const moved of change.aggregates) this.takeMoved(moved, step);
    this.moved.tell();
  }

  /** Brings everything to what is in the buffer: this tab leads from now on, or its page is back. */
  async reload(contents: BufferContents): Promise<void> {
    this.cursor = contents.cursor;
    this.follows = new Set(contents.follows);
    this.storeFailure = undefined;
    for (const open of this.byName.values()) {
      open.storeIsStale = false;
      await this.reread(open);
    }
  }

  private takeMoved(moved: AggregateChange, step: StoredStep): void {
    const name = moved.aggregate;
    if (this.opening.has(name)) this.staleLoads.add(name);
    const open = this.byName.get(name);
    if (open === undefined) return;
    open.revoked = moved.forget ?? false;
    const follows = moved.forget || moved.resetRegisters || step.before[name] === open.confirmed.version;
    if (follows) {
      open.take(moved);
      open.saved(moved);
    } else {
      void this.reread(open).catch(() => undefined);
    }
    this.overlay.readBack(name, new Set(step.readBack[name] ?? []), moved.position);
  }

  /** Reads an aggregate from the buffer again: this tab missed how it came there. */
  private async reread(open: OpenAggregate): Promise<void> {
    const stored = await this.buffer.loadAggregate(open.name);
    await this.reading.prepareRegisters(open.name, stored?.registers ?? []);
    if (stored === undefined || stored.version < open.confirmed.version) return;
    open.take({ ...stored, resetRegisters: true, registers: [...stored.registers], history: [] });
    this.overlay.readBack(open.name, new Set(), this.readUpTo(open.name) ?? 0);
  }

  private async load(name: string): Promise<OpenAggregate> {
    let stored: StoredAggregate | undefined;
    let kept: readonly KeptAppend[];
    do {
      stored = await this.buffer.loadAggregate(name);
      const position = this.follows.has(name) ? this.cursor?.position : stored?.position;
      kept = await this.buffer.loadKept(position ?? 0);
      await this.reading.prepareRegisters(name, stored?.registers ?? []);
      await this.reading.prepare(kept.flatMap(append => append.events));
      await this.reading.prepareOverlay(this.overlay, name);
    } while (this.staleLoads.delete(name));
    // Settled appends that were not read back before the last stop still belong on top.
    for (const { id, events, confirmation } of kept) {
      if (confirmation !== undefined && events.some(event => event.aggregate === name)) {
        this.overlay.addSettled(name, id, events, confirmation);
      }
    }
    const open = new OpenAggregate(name, this.buffer, this.overlay, this.clientId, this.reading, this.report, stored);
    if (this.storeFailure !== undefined) this.doubt(open);
    this.byName.set(name, open);
    this.wanted.tell();
    return open;
  }

  /** What is stored is shown until it is read again: the store stopped taking what was read. */
  private doubt(open: OpenAggregate): void {
    open.distrust();
    open.storeIsStale = true;
    this.follows = new Set([...this.follows].filter(name => name !== open.name));
  }

  private async store(of: ConfirmedChange, step: StoredStep = NO_STEP): Promise<void> {
    const change = this.withoutClosed(of);
    this.stand(change);
    if (this.storeFailure === undefined) {
      try {
        await this.buffer.confirm(change);
        for (const moved of change.aggregates) this.byName.get(moved.aggregate)?.saved(moved);
        this.stored?.(change, step);
      } catch (error) {
        if (error instanceof SupersededError) throw error;
        this.storeFailure = error;
      }
    }
    this.moved.tell();
  }

  /** Of what is complete up to the cursor nothing settled below it is missing, shown or not: it may be hidden, say. */
  private stand({ cursor, follows }: ConfirmedChange): void {
    if (follows !== undefined) this.follows = new Set(follows);
    if (cursor !== undefined) this.cursor = cursor;
    for (const name of this.follows) this.overlay.readBack(name, new Set(), this.cursor?.position ?? 0);
  }

  /** The cursor moves on without those that were closed: they are not complete up to it any more. */
  private withoutClosed(change: ConfirmedChange): ConfirmedChange {
    const { cursor, follows = [...this.follows] } = change;
    const open = follows.filter(name => this.byName.has(name));
    return cursor === undefined || open.length === follows.length ? change : { ...change, follows: open };
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
