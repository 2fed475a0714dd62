/**
 * What this client has appended and the log has not settled yet, in memory: the queue that is pushed, the handles of
 * those who wait, and the rejected list. Whatever it says is in the buffer was written there first.
 *
 * Appends asked for while the buffer is busy are stored together, in one transaction.
 */
import type { BufferContents, Draft, KeptAppend, LocalBuffer, StoredIdentity } from "../buffer/local-buffer.js";
import { uuidOf, type Clock, type Random } from "../clock.js";
import { MAX_PUSH_BYTES } from "../limits.js";
import type { AppendRef, Confirmation, EventInput, PendingAppend, Problem, RejectedAppend } from "../model.js";
import { RejectedError } from "../protocol/problem.js";
import { appendJson, type AppendOutcome } from "../protocol/requests.js";
import type { Overlay, ReadUpTo } from "../state/overlay.js";
import { AppendHandle } from "./append-handle.js";
import { Signal } from "./signal.js";

export interface Batch {
  readonly after: AppendRef | null;
  readonly appends: readonly PendingAppend[];
  readonly texts: readonly string[];
}

export class Outbox {
  /** Told whenever anything here changes. */
  readonly changed = new Signal();
  identity: StoredIdentity;
  settled: AppendRef | null;
  private pending: Map<number, PendingAppend>;
  private readonly rejectedById: Map<string, RejectedAppend>;
  private readonly handles = new Map<string, AppendHandle>();
  private unsaved: { readonly draft: Draft; readonly handle: AppendHandle }[] = [];
  private saving: Promise<void> | undefined;
  /** Ends when the last one that gives out or changes numbers is done: they take turns. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly buffer: LocalBuffer,
    contents: BufferContents,
    private readonly overlay: Overlay,
    private readonly readUpTo: ReadUpTo,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.identity = contents.identity;
    this.settled = contents.settled;
    this.pending = bySequence(contents.pending);
    this.rejectedById = new Map(contents.rejected.map(append => [append.id, append]));
    for (const { id, events } of contents.pending) overlay.add(id, events);
  }

  /** Appends that are not settled, those not yet stored included. */
  get pendingCount(): number {
    return this.pending.size + this.unsaved.length;
  }

  /** Whether anything is there to be pushed. */
  get hasPending(): boolean {
    return this.pending.size > 0;
  }

  get oldestPendingAt(): number | undefined {
    for (const append of this.pending.values()) return append.createdAt;
    return undefined;
  }

  get rejected(): readonly RejectedAppend[] {
    return [...this.rejectedById.values()];
  }

  /** The events are taken as they are: they were checked. */
  append(events: readonly EventInput[], retries?: string): AppendHandle {
    const id = uuidOf(this.random);
    const handle = new AppendHandle(id);
    const draft = { id, events, createdAt: this.clock.now(), ...(retries === undefined ? {} : { retries }) };
    this.handles.set(id, handle);
    this.unsaved.push({ draft, handle });
    this.overlay.add(id, events);
    this.saving ??= this.save();
    this.changed.tell();
    return handle;
  }

  retryRejected(id: string): AppendHandle {
    const rejected = this.rejectedById.get(id);
    if (rejected === undefined) throw new RangeError(`no rejected append has the id ${id}`);
    return this.append(rejected.events, id);
  }

  async discardRejected(id: string): Promise<void> {
    await this.buffer.discardRejected(id);
    this.rejectedById.delete(id);
    this.changed.tell();
  }

  /** The front of the queue; empty when nothing waits. */
  batch(limit: number): Batch {
    const appends: PendingAppend[] = [];
    const texts: string[] = [];
    let length = 0;
    for (const append of this.pending.values()) {
      const text = appendJson(append);
      length += text.length;
      if (appends.length === limit || (appends.length > 0 && length > MAX_PUSH_BYTES)) break;
      appends.push(append);
      texts.push(text);
    }
    return { after: this.settled, appends, texts };
  }

  /** Takes the answer to a push: what is settled leaves the queue, in the buffer first. */
  async settle(batch: Batch, outcomes: readonly AppendOutcome[]): Promise<void> {
    const now = this.clock.now();
    const kept: KeptAppend[] = [];
    const rejected: RejectedAppend[] = [];
    const client = this.identity.clientId;
    batch.appends.forEach((append, place) => {
      const { sequence, id, events, createdAt } = append;
      const outcome = outcomes[place]!;
      const confirmation = confirmationOf(outcome);
      kept.push(
        confirmation === undefined
          ? { sequence, id, client, events: [], settledAt: now }
          : { sequence, id, client, events, confirmation, settledAt: now },
      );
      if (confirmation === undefined) {
        const problem = append.givenUp ?? outcome.problem ?? { code: "rejected", status: 400 };
        rejected.push({ sequence, id, events, problem, createdAt, rejectedAt: now });
      }
    });
    const { sequence, id } = batch.appends.at(-1)!;
    await this.buffer.settle({ client, settled: { sequence, id }, kept, rejected });
    this.settled = { sequence, id };
    for (const append of batch.appends) this.pending.delete(append.sequence);
    for (const append of kept) this.showConfirmed(append);
    for (const append of rejected) this.showRejected(append);
    this.changed.tell();
  }

  giveUp(append: PendingAppend, problem: Problem): Promise<void> {
    return this.inTurn(async () => {
      await this.buffer.giveUp(append.sequence, problem);
      this.pending.set(append.sequence, { ...append, givenUp: problem });
    });
  }

  /** The log lost what came behind `settled`. Returns how many appends of this client's are pending again. */
  rewind(settled: AppendRef | null): Promise<number> {
    return this.inTurn(async () => {
      const before = this.pending.size;
      this.take(await this.buffer.rewind(settled));
      return this.pending.size - before;
    });
  }

  /** Everything unsettled goes under a new identity. */
  restamp(identity: StoredIdentity): Promise<void> {
    return this.inTurn(async () => this.take(await this.buffer.restamp(identity)));
  }

  /** Resolves when nothing is on its way into the buffer. */
  async idle(): Promise<void> {
    await this.saving;
    await this.turn;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Takes over what is in the buffer after its numbers changed. */
  private take(contents: BufferContents): void {
    this.identity = contents.identity;
    this.settled = contents.settled;
    this.pending = bySequence(contents.pending);
    for (const { id, events } of contents.pending) this.overlay.add(id, events);
    this.changed.tell();
  }

  private async save(): Promise<void> {
    // Everything that is appended in this turn goes into one transaction.
    await Promise.resolve();
    while (this.unsaved.length > 0) await this.inTurn(() => this.saveAll());
    this.saving = undefined;
  }

  private async saveAll(): Promise<void> {
    const saving = this.unsaved;
    try {
      const stored = await this.buffer.append(saving.map(entry => entry.draft));
      this.unsaved = this.unsaved.slice(saving.length);
      stored.forEach((append, place) => this.stored(append, saving[place]!));
    } catch (error) {
      this.unsaved = this.unsaved.slice(saving.length);
      for (const { draft, handle } of saving) this.unstored(draft, handle, error);
    }
    this.changed.tell();
  }

  private stored(append: PendingAppend, { draft, handle }: { draft: Draft; handle: AppendHandle }): void {
    this.pending.set(append.sequence, append);
    if (draft.retries !== undefined) this.rejectedById.delete(draft.retries);
    handle.isLocal({ sequence: append.sequence, id: append.id });
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

function confirmationOf(outcome: AppendOutcome): Confirmation | undefined {
  if (outcome.status !== "appended" && outcome.status !== "duplicate") return undefined;
  return { positions: outcome.positions ?? [0, 0], versions: outcome.versions ?? {} };
}

function bySequence(appends: readonly PendingAppend[]): Map<number, PendingAppend> {
  return new Map(appends.map(append => [append.sequence, append]));
}
