/**
 * One tab leads: it holds a Web Lock as long as it lives, and the next in the queue gets it when it closes or crashes.
 * A leader that is frozen keeps the lock and answers nothing: a tab that is looked at takes it away. The one that was
 * robbed learns it when it wakes; until then the buffer's term keeps it from writing (`LocalBuffer.lead`).
 */
import { orAborted, tiedTo } from "../abort.js";
import type { Clock } from "../clock.js";
import { LEADER_PING_MS, LEADER_PINGS_MISSED } from "../limits.js";

/** What is used of `navigator.locks`. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    work: () => Promise<void>,
  ): Promise<void>;
}

export interface LeadershipOf {
  readonly locks: Locks;
  readonly name: string;
  readonly clock: Clock;
  /** Leads until the signal is aborted. */
  readonly lead: (signal: AbortSignal) => Promise<void>;
  /** Asks the leader for a sign of life. */
  readonly ping: () => void;
  /** Whether this tab is looked at: only such a one takes the lead away. */
  readonly visible: () => boolean;
}

export class Leadership {
  leading = false;
  private closed = new AbortController();
  private unanswered = 0;
  /** The rounds so far: a new one begins when the one before has let go of the lock. */
  private done: Promise<unknown> = Promise.resolve();

  constructor(private readonly of: LeadershipOf) {}

  /** Begins, or begins again after `close`, which nobody has to have waited for. */
  start(): void {
    this.heard();
    const { signal } = (this.closed = new AbortController());
    this.done = this.done.then(() => Promise.all([this.queue(signal), this.watch(signal)]));
  }

  /** The leader answered. */
  heard(): void {
    this.unanswered = 0;
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.done;
  }

  private async queue(closed: AbortSignal): Promise<void> {
    while (!closed.aborted) {
      const queued = tiedTo(closed);
      this.steal = () => queued.abort();
      await this.request(closed, { signal: queued.signal });
      queued.release();
      if (!closed.aborted && queued.signal.aborted) await this.request(closed, { steal: true });
      // Who cannot lead, or not any more, lets another try first; and where a browser gives no locks, nothing spins.
      await this.of.clock.sleep(LEADER_PING_MS, closed).catch(() => undefined);
    }
  }

  /** Leaves the queue, to take the lead at once. */
  private steal!: () => void;

  /** Resolves when this tab leads no more, or is no longer in the queue. */
  private async request(closed: AbortSignal, options: { signal?: AbortSignal; steal?: boolean }): Promise<void> {
    const term = tiedTo(closed);
    let leading: Promise<void> = Promise.resolve();
    try {
      await this.of.locks.request(this.of.name, options, () => {
        this.leading = true;
        this.heard();
        // Given back at once: what a page that is put away had begun ends when it is shown again.
        return orAborted(() => (leading = this.of.lead(term.signal)), term.signal);
      });
    } catch {
      // The lock was taken away or cannot be had, or waiting for it was given up.
    } finally {
      this.leading = false;
      term.abort();
      term.release();
      await leading.catch(() => undefined);
    }
  }

  private async watch(closed: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await this.of.clock.sleep(LEADER_PING_MS, closed);
        if (this.leading || !this.of.visible()) {
          this.heard();
          continue;
        }
        if (++this.unanswered > LEADER_PINGS_MISSED) this.steal();
        else this.of.ping();
      }
    } catch {
      // Closed.
    }
  }
}
