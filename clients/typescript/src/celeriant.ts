/**
 * The handle that an application holds: it appends, opens aggregates, goes online and offline, and says how it is.
 * Everything that it promises is kept by the parts below it; this class only ties them together.
 */
import { orAborted } from "./abort.js";
import type { BufferContents, LocalBuffer } from "./buffer/local-buffer.js";
import { checkAggregate, checkedEvents } from "./check-append.js";
import { uuidOf } from "./clock.js";
import type { ConnectOptions, World } from "./connect-options.js";
import { defined } from "./defined.js";
import { KEPT_APPENDS_MS, PAGE_LIMIT } from "./limits.js";
import type { Confirmation, EventInput, JsonValue, RejectedAppend, Snapshot, Status } from "./model.js";
import { closedError, InvalidAppendError, ProblemError } from "./protocol/errors.js";
import { agreement, Requests, type Me } from "./protocol/requests.js";
import type { PresenceMessage } from "./protocol/subscription.js";
import { Transport } from "./protocol/transport.js";
import { OpenAggregates } from "./state/open-aggregates.js";
import { Reading } from "./state/reading.js";
import { Overlay } from "./state/overlay.js";
import type { AppendHandle } from "./sync/append-handle.js";
import { Follower } from "./sync/follower.js";
import type { Notice } from "./sync/notice.js";
import { Outbox } from "./sync/outbox.js";
import { Pusher } from "./sync/pusher.js";
import { Signal } from "./sync/signal.js";
import { SyncLoop } from "./sync/sync-loop.js";
import type { SyncEvent } from "./sync/sync-state.js";
import { oncePerTurn } from "./sync/turns.js";
import { Tabs } from "./tabs/tabs.js";
import type { AnyEvents, EventOf, RecordedOf } from "./typed-events.js";
import { AggregateView } from "./view.js";

/** How presence is put. */
export interface PresenceOf {
  /** This tab's own when left out. */
  readonly instance?: string;
  /** Seconds. */
  readonly ttl?: number;
  /** Gives the request up. */
  readonly signal?: AbortSignal;
}

/** An append that is made only if each of these aggregates is at the version given; 0: must not exist. */
export type Expected = Readonly<Record<string, number>>;

/**
 * A client of one org, made by `connect`. With a map of event types it is typed.
 *
 * @example
 * ```ts
 * interface Events {
 *   "cell-painted": { colour: string } | null;
 * }
 * const app = await connect<Events>({ url, org });
 * const handle = app.append({
 *   aggregate: "canvas/board-1",
 *   type: "cell-painted",
 *   key: "3,4",
 *   data: { colour: "#d4a017" },
 * });
 * await handle.local; // durable here, with no network too
 * await handle.confirmed; // in the log
 * await app.close();
 * ```
 */
export class Celeriant<E extends object = AnyEvents> {
  /** @internal */
  readonly requests: Requests;
  private readonly outbox: Outbox;
  private readonly aggregates: OpenAggregates;
  private readonly reading: Reading;
  private readonly follower: Follower;
  private readonly loop: SyncLoop;
  /** @internal */
  readonly tabs: Tabs | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly statusChanged = new Signal();
  private readonly noticed = new Signal<Notice>();
  private readonly presence = new Signal<PresenceMessage>();
  private readonly tellStatus = oncePerTurn(() => this.statusChanged.tell());
  private persistent: boolean | undefined;
  /** Tells this tab from the others of the same client, in presence. */
  readonly instance: string;

  /** @internal */
  constructor(
    options: ConnectOptions,
    private readonly world: World,
    private readonly buffer: LocalBuffer,
    contents: BufferContents,
  ) {
    const { clock, random, keys } = world;
    this.instance = uuidOf(random);
    const overlay = new Overlay();
    const readUpTo = (aggregate: string) => this.aggregates.readUpTo(aggregate);
    const report = (notice: Notice) => {
      this.tabs?.post({ kind: "notice", notice });
      this.noticed.tell(notice);
    };
    this.reading = new Reading(options.codec, options.upcasting);
    this.outbox = new Outbox(buffer, contents, overlay, this.reading, readUpTo, clock, random);
    const quarantined = (notice: Notice) => this.noticed.tell(notice);
    this.aggregates = new OpenAggregates(buffer, contents, overlay, () => this.clientId, this.reading, quarantined);
    const { outbox, aggregates: open } = this;
    const { url, apiKey, auth } = options;
    const transport = new Transport({ ...world, url, apiKey, auth }, () => outbox.identity);
    this.requests = new Requests(transport, options.org);
    const presence = (presence: PresenceMessage) => {
      this.tabs?.post({ kind: "presence", presence });
      this.presence.tell(presence);
    };
    const pusher = new Pusher({
      requests: this.requests,
      outbox,
      report,
      newIdentity: () => keys.create(buffer.keyForm),
      heardOf: position => this.follower.heardOf(position),
      identityChanged: () => this.follower.readAsAnother(),
    });
    this.follower = new Follower({ requests: this.requests, open, clock, report, presence, pusher });
    this.loop = new SyncLoop({ pusher, follower: this.follower, outbox, transport, clock, random });
    for (const signal of [this.loop.changed, outbox.changed, open.moved]) signal.hear(this.tellStatus);
    this.tabs = this.tabsOf(options);
  }

  /** The other tabs of the same buffer, where it has any. */
  private tabsOf({ online = true }: ConnectOptions): Tabs | undefined {
    const { world, buffer, outbox, aggregates: open, follower, loop, reading, noticed, presence } = this;
    const { locks } = world;
    const { sharedAs: name } = buffer;
    if (name === undefined || locks === undefined) return undefined;
    return new Tabs({
      ...world,
      id: uuidOf(world.random),
      name,
      locks,
      channel: () => world.channel(name),
      buffer,
      outbox,
      open,
      follower,
      loop,
      reading,
      online,
      noticed,
      presence,
    });
  }

  /** This client's id: the thumbprint of its device key. It changes only when a fork is healed. */
  get clientId(): string {
    return this.outbox.identity.clientId;
  }

  /** Appends one event, or several as one atomic append. It is in the views at once, and durable once `local` is. */
  append(events: EventOf<E> | readonly EventOf<E>[]): AppendHandle {
    this.requireOpen();
    return this.outbox.append(checkedEvents(events as EventInput));
  }

  /**
   * Appends directly, with no buffer between, and only if the aggregates are at these versions.
   *
   * @example
   * ```ts
   * const account = "account/a1";
   * const opened = { aggregate: account, type: "account-opened", data: {} };
   * const { versions } = await app.appendExpecting(opened, { [account]: 0 });
   * const paid = { aggregate: account, type: "amount-paid", data: 5 };
   * await app.appendExpecting(paid, { [account]: versions[account] ?? 0 });
   * ```
   *
   * @throws ProblemError `version-conflict` when one has moved on; a `NoAnswerError` means that nobody knows
   */
  async appendExpecting(
    events: EventOf<E> | readonly EventOf<E>[],
    expected: Expected,
    signal?: AbortSignal,
  ): Promise<Confirmation> {
    if (Object.keys(expected).length === 0) throw new InvalidAppendError("expected names no aggregate");
    const sealed = await this.reading.seal(checkedEvents(events as EventInput));
    const append = { id: uuidOf(this.world.random), events: sealed, expected };
    const outcome = await this.requests.appendExpecting(append, signal);
    const { positions, versions, problem } = outcome;
    if (positions === undefined || versions === undefined) {
      throw new ProblemError(problem ?? { code: outcome.status, status: 409 });
    }
    return { positions, versions };
  }

  /** Opens an aggregate: its last known state is there when this resolves, and it is followed from now on. */
  async open(aggregate: string, of: { readonly signal?: AbortSignal } = {}): Promise<AggregateView<E>> {
    checkAggregate(aggregate);
    this.requireOpen();
    return await orAborted(
      () => this.view(aggregate),
      of.signal,
      view => view.close(),
    );
  }

  private async view(aggregate: string): Promise<AggregateView<E>> {
    for (;;) {
      const open = await this.aggregates.open(aggregate);
      // Another one who waited for it too may have closed his view, and with it the aggregate.
      if (this.aggregates.get(aggregate) === open) return new AggregateView(open, this.aggregates);
    }
  }

  /** How the client is, now. */
  get status(): Status {
    const { pendingCount: pending, oldestPendingAt, rejected } = this.outbox;
    const { serverPosition } = this.follower;
    const { reason, state } = this.loop;
    return {
      state,
      pending,
      rejected: rejected.length,
      localPosition: this.aggregates.position,
      ...defined({ reason, oldestPendingAt, serverPosition, persistent: this.persistent }),
    };
  }

  /** Calls back once after each turn in which the status changed. */
  onStatus(listener: (status: Status) => void): () => void {
    return this.statusChanged.hear(() => listener(this.status));
  }

  /** Calls back when something happened that a user may want to know: a fork healed, a log restored, a right lost. */
  onNotice(listener: (notice: Notice) => void): () => void {
    return this.noticed.hear(listener);
  }

  /** Calls back when someone who reads the same aggregates shows something of himself, or is gone. */
  onPresence(listener: (presence: PresenceMessage) => void): () => void {
    return this.presence.hear(listener);
  }

  /** The application wants to be connected. In a browser that holds for all tabs. */
  goOnline(): void {
    this.dispatch("go-online");
  }

  /** The application wants not to be connected. Appends are kept; nothing is sent. */
  goOffline(): void {
    this.dispatch("go-offline");
  }

  /** The device's network is back, or the page is looked at again: a wait that is under way is cut short. */
  networkIsBack(): void {
    this.dispatch("network-back");
  }

  /** The application did something about who this client acts for, or what it may: that is asked for anew. */
  authorized(): void {
    this.requests.transport.forgetToken();
    this.dispatch("authorized");
  }

  /** Resolves when nothing is pending any more: every append is confirmed or in the rejected list. */
  whenSettled(of: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.when(this.outbox.changed, () => this.outbox.pendingCount === 0, of.signal);
  }

  /** Resolves when every open aggregate was read up to the head of the log. */
  whenLive(of: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.when(this.loop.changed, () => this.loop.state === "live", of.signal);
  }

  private async when(changed: Signal, holds: () => boolean, signal?: AbortSignal): Promise<void> {
    await changed.until(() => holds() || this.loop.state === "closed", signal);
    if (!holds()) this.requireOpen();
  }

  /** What the log refused for good, with the reasons, oldest first. */
  async rejected(): Promise<readonly RejectedAppend[]> {
    const { rejected } = this.outbox;
    await this.reading.prepare(rejected.flatMap(append => append.events));
    return rejected.map(append => ({ ...append, events: append.events.map(event => this.reading.event(event)) }));
  }

  /**
   * The application has other keys than before: one more, or one less. Everything that is open is read again with
   * those that there are now; what the former ones had opened is forgotten.
   */
  async keysChanged(): Promise<void> {
    await this.aggregates.readAnew();
  }

  /**
   * Appends the events of a rejected append anew, or others in their place; it leaves the rejected list in the same
   * transaction. When another tab retried or discarded it sooner, nothing is appended.
   *
   * @throws RangeError when it is not in the list; `local` and `confirmed` reject with one when it was not any more
   */
  retryRejected(id: string, events?: EventOf<E> | readonly EventOf<E>[]): AppendHandle {
    this.requireOpen();
    return this.outbox.retryRejected(id, events && checkedEvents(events as EventInput));
  }

  /**
   * Drops a rejected append for good.
   *
   * @throws RangeError when it is not in the list: it was retried or discarded, maybe in another tab
   */
  async discardRejected(id: string): Promise<void> {
    this.requireOpen();
    await this.outbox.discardRejected(id);
  }

  /** Reads the events of an aggregate from the gateway, page by page, up to its present version. */
  async *readEvents(
    aggregate: string,
    of: { readonly after?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<RecordedOf<E>, void, undefined> {
    checkAggregate(aggregate);
    let after: number | null = of.after ?? 0;
    while (after !== null) {
      const page = await this.requests.events(aggregate, { after, limit: PAGE_LIMIT }, of.signal);
      await this.reading.prepare(page.events);
      for (const event of page.events) {
        const shown = this.reading.event(event);
        if (shown.unreadable === undefined) yield shown as RecordedOf<E>;
        else this.noticed.tell({ kind: "quarantined", aggregate, version: event.version, reason: shown.unreadable });
      }
      after = page.next;
    }
  }

  /** Who the gateway takes this client for, and what it may. */
  me(signal?: AbortSignal): Promise<Me> {
    return this.requests.me(signal);
  }

  /**
   * Shows something of this client to everyone who reads the aggregate now: a cursor, a name. It lapses after `ttl`
   * seconds (10 when left out, at most 60) unless it is put again; null takes it away. Nothing of it is stored.
   */
  async putPresence(aggregate: string, data: JsonValue, of: PresenceOf = {}): Promise<void> {
    checkAggregate(aggregate);
    const { instance = this.instance, ttl, signal } = of;
    await this.requests.call("PUT", `/${aggregate}/presence`, { instance, data, ttl }, signal);
  }

  /**
   * Publishes what an aggregate's events up to a version come to, so that who opens it later reads that and the events
   * behind it. With a codec it is sealed. False when there is one of this version or a later one already, and when the
   * aggregate was deleted or trimmed meanwhile, so that events behind this version are missing.
   */
  async publishSnapshot(aggregate: string, { version, ...content }: Snapshot, signal?: AbortSignal): Promise<boolean> {
    checkAggregate(aggregate);
    // As of now: of a log that went back meanwhile it says nothing.
    const agreed = agreement(this.aggregates.cursor);
    const sealed = await this.reading.sealSnapshot(aggregate, content);
    return await this.requests.putSnapshot(aggregate, version, sealed, agreed, signal);
  }

  /** Ends syncing and closes the buffer. What is pending stays in it. */
  async close(): Promise<void> {
    this.loop.dispatch("close");
    this.aggregates.end();
    await this.tabs?.leave();
    await this.running;
    await this.outbox.idle();
    this.outbox.close();
    await this.buffer.close();
  }

  /** @internal */
  async start(options: ConnectOptions): Promise<void> {
    for (const aggregate of options.aggregates ?? []) await this.open(aggregate);
    if (this.tabs !== undefined) this.tabs.start();
    else {
      this.running = this.loop.run();
      if (options.online ?? true) this.goOnline();
    }
    // Where a store takes nothing more, what is too old stays until the next start.
    await this.buffer.pruneKept(this.world.clock.now() - KEPT_APPENDS_MS).catch(() => undefined);
    // A browser may ask its user first; nothing waits for that.
    void this.askForPersistence();
  }

  private requireOpen(): void {
    if (this.loop.state === "closed") throw closedError();
  }

  private dispatch(event: SyncEvent): void {
    (this.tabs ?? this.loop).dispatch(event);
  }

  private async askForPersistence(): Promise<void> {
    this.persistent = await this.buffer.persistent().catch(() => undefined);
    this.tellStatus();
  }
}
