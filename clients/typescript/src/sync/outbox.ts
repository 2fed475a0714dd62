/**
 * What this client has appended and the log has not settled yet, in memory: the queue that is pushed, the handles of
 * those who wait, and the rejected list. Whatever it says is in the buffer was written there first.
 *
 * Appends asked for while the buffer is busy are stored together, in one transaction.
 */
import type {
  BufferContents,
  Draft,
  KeptAppend,
  LocalBuffer,
  Settlement,
  StoredIdentity,
} from "../buffer/local-buffer.js";
import { uuidOf, type Clock, type Random } from "../clock.js";
import { defined } from "../defined.js";
import { MAX_PUSH_BYTES } from "../limits.js";
import type { AppendRef, EventInput, PendingAppend, Problem, RejectedAppend } from "../model.js";
import { closedError, RejectedError } from "../protocol/errors.js";
import { appendJson, type AppendOutcome } from "../protocol/requests.js";
import type { Reading } from "../state/reading.js";
import type { Overlay, ReadUpTo } from "../state/overlay.js";
import { AppendHandle } from "./append-handle.js";
import { settlementOf, type Batch } from "./settlement.js";
import { Signal } from "./signal.js";
import { Turns } from "./turns.js";

/** An append on its way into the buffer. */
interface Unsaved {
  readonly draft: Draft;
  readonly handle: AppendHandle;
}

/** What this tab's outbox did, as the other tabs of the same buffer are told. */
export type OutboxChange =
  | { readonly kind: "stored"; readonly appends: readonly PendingAppend[]; readonly retries: readonly string[] }
  | { readonly kind: "settled"; readonly settlement: Settlement }
  /** Something changed that is told shortest by looking into the buffer. */
  | { readonly kind: "changed" };

export class Outbox {
  /** Told whenever anything here changes. */
  readonly changed = new Signal();
  identity!: StoredIdentity;
  settled!: AppendRef | null;
  private pending!: Map<number, PendingAppend>;
  private rejectedById!: Map<string, RejectedAppend>;
  /** The highest sequence that this tab knows of. */
  private last!: number;
  private readonly handles = new Map<string, AppendHandle>();
  private unsaved: Unsaved[] = [];
  private saving: Promise<void> | undefined;
  /** Of those who give out or change numbers. */
  private readonly turns = new Turns();
  /** How often what is pending, or settled, was told to this tab. */
  private told = 0;
  tellTabs: ((change: OutboxChange) => void) | undefined;

  constructor(
    private readonly buffer: LocalBuffer,
    contents: BufferContents,
    private readonly overlay: Overlay,
    private readonly reading: Reading,
    private readonly readUpTo: ReadUpTo,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.hold(contents);
    for (const { id, events } of contents.pending) overlay.add(id, events);
  }

  /** The sequence of the last append that is settled; 0: none is. */
  get settledUpTo(): number {
    return this.settled?.sequence ?? 0;
  }

  /** Appends that are not settled, those not yet stored included. */
  get pendingCount(): number {
    return this.pending.size + this.unsaved.length;
  }

  /** Whether anything is there to be pushed. */
  get hasPending(): boolean {
    return this.pending.size > 0;
  }

  /** The first that is pending does not follow what is settled. */
  get beginsBehindGap(): boolean {
    return this.hasPending && !this.pending.has(this.settledUpTo + 1);
  }

  /** Whether anything was settled behind a position. */
  async isAheadOf(position: number): Promise<boolean> {
    return (await this.buffer.loadKept(position)).length > 0;
  }

  get oldestPendingAt(): number | undefined {
    // By its number: of a Map from whose front much was deleted, the first entry is slow to find.
    return (this.pending.get(this.settledUpTo + 1) ?? this.unsaved[0]?.draft)?.createdAt;
  }

  get rejected(): readonly RejectedAppend[] {
    return [...this.rejectedById.values()];
  }

  /** The events are taken as they are: they were checked. */
  append(events: readonly EventInput[], retries?: string): AppendHandle {
    const id = uuidOf(this.random);
    const handle = new AppendHandle(id);
    const draft = defined({ id, events, createdAt: this.clock.now(), retries });
    this.handles.set(id, handle);
    this.unsaved.push({ draft, handle });
    this.overlay.add(id, events);
    this.saving ??= this.save();
    this.changed.tell();
    return handle;
  }

  retryRejected(id: string, events?: readonly EventInput[]): AppendHandle {
    const rejected = this.rejectedById.get(id);
    // Asked for twice, it is on its way.
    if (rejected === undefined || this.unsaved.some(({ draft }) => draft.retries === id)) throw notRejected(id);
    return this.append(events ?? rejected.events, id);
  }

  async discardRejected(id: string): Promise<void> {
    const isDiscarded = await this.buffer.discardRejected(id);
    this.rejectedById.delete(id);
    this.tellTabs?.({ kind: "changed" });
    this.changed.tell();
    if (!isDiscarded) throw notRejected(id);
  }

  /** The front of the queue; empty when nothing waits. */
  batch(limit: number): Batch {
    const appends: PendingAppend[] = [];
    const texts: string[] = [];
    let length = 0;
    // Ends before one that another tab has stored and this one has not heard of yet.
    for (let next = this.settledUpTo + 1; ; next++) {
      const append = this.pending.get(next);
      if (append === undefined) break;
      const text = appendJson(append);
      length += text.length;
      if (appends.length === limit || (appends.length > 0 && length > MAX_PUSH_BYTES)) break;
      appends.push(append);
      texts.push(text);
    }
    return { client: this.identity.clientId, after: this.settled, appends, texts };
  }

  /** Takes the answer to a push: what is settled leaves the queue, in the buffer first. */
  async settle(batch: Batch, outcomes: readonly AppendOutcome[]): Promise<void> {
    const settlement = settlementOf(batch, outcomes, this.clock.now());
    await this.buffer.settle(settlement);
    this.takeSettled(settlement);
    this.tellTabs?.({ kind: "settled", settlement });
  }

  /** A settlement that is in the buffer, made here or by the tab that leads. */
  takeSettled({ client, settled, kept, rejected }: Settlement): void {
    this.told++;
    if (client !== this.identity.clientId) return;
    if (settled.sequence > this.settledUpTo) this.settled = settled;
    this.last = Math.max(this.last, settled.sequence);
    for (const append of kept) {
      this.pending.delete(append.sequence);
      this.showConfirmed(append);
    }
    for (const append of rejected) this.showRejected(append);
    this.changed.tell();
  }

  /** Appends that another tab has stored. */
  takeStored(appends: readonly PendingAppend[], retries: readonly string[]): void {
    this.told++;
    for (const id of retries) this.rejectedById.delete(id);
    for (const { id, events } of appends) this.overlay.add(id, events);
    this.insert(appends);
    this.changed.tell();
  }

  /** Looks into the buffer for what other tabs did. */
  reload(): Promise<void> {
    return this.turns.inTurn(async () => {
      const before = await this.take(this.buffer.contents());
      const there = new Set([...this.pending.values()].map(({ id }) => id));
      const gone = [...before.values()].filter(({ id }) => !there.has(id));
      if (gone.length > 0) this.showSettled(gone, await this.buffer.loadKept(0));
    });
  }

  giveUp(append: PendingAppend, problem: Problem): Promise<void> {
    return this.turns.inTurn(async () => {
      await this.buffer.giveUp(append.sequence, problem);
      this.pending.set(append.sequence, { ...append, givenUp: problem });
      this.tellTabs?.({ kind: "changed" });
    });
  }

  /** The log lost what came behind `settled`. Returns how many appends of this client's are pending again. */
  rewind(settled: AppendRef | null): Promise<number> {
    return this.turns.inTurn(async () => {
      const before = this.pending.size;
      await this.take(this.buffer.rewind(settled));
      this.tellTabs?.({ kind: "changed" });
      return this.pending.size - before;
    });
  }

  /** Everything unsettled goes under a new identity. */
  restamp(identity: StoredIdentity): Promise<void> {
    return this.turns.inTurn(async () => {
      await this.take(this.buffer.restamp(identity));
      this.tellTabs?.({ kind: "changed" });
    });
  }

  /** Resolves when nothing is on its way into the buffer. */
  async idle(): Promise<void> {
    await this.saving;
    await this.turns.inTurn(() => Promise.resolve());
  }

  /** Nobody waits any more for what the log will say; the next client on this buffer hears it. */
  close(): void {
    for (const handle of this.handles.values()) handle.failed(closedError());
    this.handles.clear();
    this.changed.tell();
  }

  /** Takes over what is in the buffer. Returns what was pending before. */
  private async take(read: Promise<BufferContents>): Promise<ReadonlyMap<number, PendingAppend>> {
    const { told } = this;
    const contents = await read;
    await this.reading.prepare(contents.pending.flatMap(append => append.events));
    // It may not have what was told meanwhile.
    if (told !== this.told) return await this.take(this.buffer.contents());
    const before = this.pending;
    this.hold(contents);
    // Anew, for what was settled and is pending again belongs under what came later.
    for (const { id, events } of [...contents.pending, ...this.unsaved.map(({ draft }) => draft)]) {
      this.overlay.remove(id, events);
      this.overlay.add(id, events);
    }
    this.changed.tell();
    return before;
  }

  private hold({ identity, settled, pending, rejected }: BufferContents): void {
    this.identity = identity;
    this.settled = settled;
    this.pending = bySequence(pending);
    this.last = pending.at(-1)?.sequence ?? settled?.sequence ?? 0;
    this.rejectedById = new Map(rejected.map(append => [append.id, append]));
  }

  /** Keeps the queue in the order of sequences, whoever stored them first told of his. */
  private insert(appends: readonly PendingAppend[]): void {
    let gap = false;
    for (const append of appends) {
      if (append.sequence <= this.settledUpTo) continue;
      gap ||= append.sequence !== this.last + 1;
      this.last = Math.max(this.last, append.sequence);
      this.pending.set(append.sequence, append);
    }
    if (!gap) return;
    this.pending = bySequence([...this.pending.values()].sort((one, other) => one.sequence - other.sequence));
    // Whoever stored what is missing may have ended before he told.
    void this.reload().catch(() => undefined);
  }

  /** What became of appends that are no longer in the queue. */
  private showSettled(gone: readonly PendingAppend[], kept: readonly KeptAppend[]): void {
    const byId = new Map(kept.map(append => [append.id, append]));
    for (const { id, events } of gone) {
      const rejected = this.rejectedById.get(id);
      const settled = byId.get(id);
      if (rejected !== undefined) this.showRejected(rejected);
      else if (settled !== undefined) this.showConfirmed(settled);
      else this.overlay.remove(id, events);
    }
  }

  private async save(): Promise<void> {
    // Everything that is appended in this turn goes into one transaction.
    await Promise.resolve();
    while (this.unsaved.length > 0) await this.turns.inTurn(() => this.saveAll());
    this.saving = undefined;
  }

  private async saveAll(): Promise<void> {
    // A copy: what is appended while the buffer is busy is not part of it.
    const saving = await this.seal([...this.unsaved]);
    if (saving.length === 0) return;
    let stored: readonly PendingAppend[] = [];
    let failure: unknown;
    try {
      stored = await this.buffer.append(saving.map(entry => entry.draft));
      this.insert(stored);
      const retries = saving.flatMap(({ draft }) => draft.retries ?? []);
      for (const id of retries) this.rejectedById.delete(id);
      this.tellTabs?.({ kind: "stored", appends: stored, retries });
    } catch (error) {
      failure = error;
    }
    this.unsaved = this.unsaved.slice(saving.length);
    const byId = new Map(stored.map(append => [append.id, append]));
    for (const { draft, handle } of saving) {
      const append = byId.get(draft.id);
      if (append === undefined) this.unstored(draft, handle, failure ?? notRejected(draft.retries!));
      else {
        this.overlay.stored(append.id, append.events);
        handle.isLocal({ sequence: append.sequence, id: append.id });
      }
    }
    this.changed.tell();
  }

  /** The drafts with their data sealed. One that cannot be sealed is not kept, and the others go on. */
  private async seal(unsaved: readonly Unsaved[]): Promise<readonly Unsaved[]> {
    if (this.reading.sealsNothing) return unsaved;
    const sealed: Unsaved[] = [];
    for (const entry of unsaved) {
      const { draft, handle } = entry;
      try {
        sealed.push({ draft: { ...draft, events: await this.reading.seal(draft.events) }, handle });
      } catch (error) {
        this.unsaved = this.unsaved.filter(other => other !== entry);
        this.unstored(draft, handle, error);
      }
    }
    return sealed;
  }

  private unstored(draft: Draft, handle: AppendHandle, error: unknown): void {
    this.handles.delete(draft.id);
    this.overlay.remove(draft.id, draft.events);
    handle.failed(error);
  }

  private showConfirmed({ id, events, confirmation }: KeptAppend): void {
    if (confirmation === undefined) return;
    this.overlay.confirm(id, events, confirmation, this.readUpTo);
    this.handles.get(id)?.isConfirmed(confirmation);
    this.handles.delete(id);
  }

  private showRejected(append: RejectedAppend): void {
    this.rejectedById.set(append.id, append);
    this.overlay.remove(append.id, append.events);
    this.handles.get(append.id)?.isRejected(new RejectedError(append));
    this.handles.delete(append.id);
  }
}

function bySequence(appends: readonly PendingAppend[]): Map<number, PendingAppend> {
  return new Map(appends.map(append => [append.sequence, append]));
}

/** Also of what another tab retried, or discarded, sooner. */
function notRejected(id: string): Error {
  return new RangeError(`no rejected append has the id ${id}`);
}
