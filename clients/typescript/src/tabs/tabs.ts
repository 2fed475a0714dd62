/**
 * Ties a tab to the others of the same buffer. Every tab appends to the buffer by itself and shows everything; the one
 * that leads runs the sync loop for all. What a tab does to the buffer it tells the others, who take it over in
 * memory; what they cannot follow they read from the buffer.
 */
import type { LocalBuffer } from "../buffer/local-buffer.js";
import type { Clock } from "../clock.js";
import type { PresenceMessage } from "../protocol/subscription.js";
import type { OpenAggregates } from "../state/open-aggregates.js";
import type { Reading } from "../state/reading.js";
import type { Follower } from "../sync/follower.js";
import type { Notice } from "../sync/notice.js";
import type { Outbox } from "../sync/outbox.js";
import type { Signal } from "../sync/signal.js";
import type { SyncLoop } from "../sync/sync-loop.js";
import type { SyncEvent } from "../sync/sync-state.js";
import { oncePerTurn } from "../sync/turns.js";
import { Leadership, type Locks } from "./leadership.js";
import type { TabChannel, TabMessage } from "./messages.js";

export interface TabsOf {
  readonly id: string;
  readonly name: string;
  readonly locks: Locks;
  readonly channel: () => TabChannel;
  readonly clock: Clock;
  readonly visible: () => boolean;
  readonly buffer: LocalBuffer;
  readonly outbox: Outbox;
  readonly open: OpenAggregates;
  readonly follower: Follower;
  readonly loop: SyncLoop;
  readonly reading: Reading;
  readonly online: boolean;
  readonly noticed: Signal<Notice>;
  readonly presence: Signal<PresenceMessage>;
}

export class Tabs {
  /** What the application wants, in whichever tab it said so last. */
  private online: boolean;
  private readonly leadership: Leadership;
  /** Undefined while the page is put away. */
  private channel: TabChannel | undefined;
  /** Messages are taken in their order, those with sealed data when that is opened. */
  private taken: Promise<void> | undefined;

  constructor(private readonly of: TabsOf) {
    this.online = of.online;
    const { open, outbox } = of;
    outbox.tellTabs = change => this.post(change);
    open.stored = (change, step) => this.post({ kind: "confirmed", change, step });
    open.wanted.hear(() => this.tellFollows());
    of.loop.changed.hear(this.tellStatus);
    this.leadership = new Leadership({
      ...of,
      lead: signal => this.lead(signal),
      ping: () => this.post({ kind: "ping" }),
    });
  }

  /** Begins to hear the others, and to queue for the lead. */
  start(): void {
    this.channel = this.of.channel();
    this.channel.listen(message => {
      if (this.of.reading.sealsNothing) this.take(message);
      else this.taken = Promise.resolve(this.taken).then(() => this.openAndTake(message));
    });
    this.tellFollows();
    this.leadership.start();
  }

  /** An event of the application or of the device, for whichever tab leads. */
  dispatch(event: SyncEvent): void {
    this.wish(event);
    if (this.leadership.leading) this.of.loop.dispatch(event);
    this.post({ kind: "event", event });
  }

  /**
   * The tab is closed, or its page put into the back/forward cache: another one may lead, and nothing is told to this
   * one, which a browser would rather drop from its cache than let it hear.
   */
  async leave(): Promise<void> {
    const { channel } = this;
    this.post({ kind: "gone", tab: this.of.id });
    this.channel = undefined;
    channel?.close();
    await this.leadership.close();
  }

  /** The page is back: what the others did meanwhile is in the buffer. */
  async comeBack(): Promise<void> {
    this.start();
    await this.reload().catch(() => undefined);
    this.post({ kind: "changed" });
  }

  /** Brings everything in memory up to what is in the buffer. */
  private async reload(): Promise<void> {
    const { buffer, outbox, open } = this.of;
    await outbox.reload();
    await open.reload(await buffer.contents());
  }

  /** Tells the other tabs. */
  post(message: TabMessage): void {
    this.channel?.post(message);
  }

  /** Runs the sync loop until the lead is lost. Everything in memory is first brought up to what is in the buffer. */
  private async lead(signal: AbortSignal): Promise<void> {
    const { buffer, loop } = this.of;
    await buffer.lead?.();
    await this.reload();
    if (signal.aborted) return;
    loop.begin();
    this.post({ kind: "new-leader" });
    if (this.online) loop.dispatch("go-online");
    await loop.run(signal);
  }

  private async openAndTake(message: TabMessage): Promise<void> {
    const { open, reading } = this.of;
    if (message.kind === "stored") await reading.prepare(message.appends.flatMap(append => append.events));
    if (message.kind === "confirmed") await open.prepare(message.change.aggregates);
    this.take(message);
  }

  private take(message: TabMessage): void {
    const { outbox, open } = this.of;
    switch (message.kind) {
      case "stored":
        outbox.takeStored(message.appends, message.retries);
        return;
      case "settled":
        outbox.takeSettled(message.settlement);
        return;
      case "changed":
        void outbox.reload().catch(() => undefined);
        return;
      case "confirmed":
        open.takeStored(message.change, message.step);
        return;
      case "notice":
        this.of.noticed.tell(message.notice);
        return;
      case "presence":
        this.of.presence.tell(message.presence);
        return;
      case "event":
        this.wish(message.event);
        if (this.leadership.leading) this.of.loop.dispatch(message.event);
        return;
      default:
        this.takeOfLeadership(message);
    }
  }

  private takeOfLeadership(message: TabMessage): void {
    const { outbox, open, loop } = this.of;
    const leading = this.leadership.leading;
    switch (message.kind) {
      case "follows":
        if (!leading) return;
        void open.hold(message.tab, message.follows).catch(() => undefined);
        this.tellStatus();
        return;
      case "gone":
        open.release(message.tab);
        return;
      case "new-leader":
        this.leadership.heard();
        this.tellFollows();
        return;
      case "status": {
        if (leading) return;
        const { online, state, reason, serverPosition } = message.status;
        this.online = online;
        if (serverPosition !== undefined) this.of.follower.heardOf(serverPosition);
        loop.mirror(state, reason);
        return;
      }
      case "ping":
        if (leading) this.answerPing().catch(() => undefined);
        return;
      case "pong":
        this.leadership.heard();
        if (message.settled > outbox.settledUpTo) void outbox.reload().catch(() => undefined);
        return;
    }
  }

  /**
   * By way of a timer and of the buffer: a tab that a browser froze may hear messages still, and do nothing else; one
   * whose storage was removed leads nobody.
   */
  private async answerPing(): Promise<void> {
    await this.of.clock.sleep(0);
    await this.of.buffer.loadKept(Infinity);
    this.post({ kind: "pong", settled: this.of.outbox.settledUpTo });
  }

  private wish(event: SyncEvent): void {
    if (event === "go-online") this.online = true;
    if (event === "go-offline") this.online = false;
  }

  private tellFollows(): void {
    if (this.leadership.leading) return;
    this.post({ kind: "follows", tab: this.of.id, follows: this.of.open.wantedHere() });
  }

  private readonly tellStatus = oncePerTurn(() => {
    const { loop } = this.of;
    if (!this.leadership.leading || loop.state === "closed") return;
    const { state, reason } = loop;
    const status = { online: this.online, state, reason, serverPosition: this.of.follower.serverPosition };
    this.post({ kind: "status", status });
  });
}
