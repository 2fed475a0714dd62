/**
 * Drives pushing and reading by the sync machine: while its state means a session, both run side by side, and the
 * first failure of either ends it; else it waits or rests. Nothing else starts or stops them.
 */
import { tiedTo, whenAborted } from "../abort.js";
import { SupersededError } from "../buffer/local-buffer.js";
import type { Clock, Random } from "../clock.js";
import { LIVE_ENOUGH_MS } from "../limits.js";
import type { SyncStateName } from "../model.js";
import { ProblemError } from "../protocol/errors.js";
import type { Transport } from "../protocol/transport.js";
import { Backoff } from "./backoff.js";
import type { Follower } from "./follower.js";
import type { Outbox } from "./outbox.js";
import type { Pusher } from "./pusher.js";
import { Signal } from "./signal.js";
import { activityIn, transition, type SyncEvent } from "./sync-state.js";

export interface SyncLoopOf {
  readonly pusher: Pusher;
  readonly follower: Follower;
  readonly outbox: Outbox;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
}

/** Refusals that mean: this identity is not let in (yet). What it wants to append waits. */
const NOT_LET_IN: ReadonlySet<number> = new Set([401, 403, 404]);
/** How the codes begin by which the token endpoint refuses a device (RFC 6749 §5.2, RFC 9449 §5). */
const NO_TOKEN = /^(invalid|unauthorized|access)_/;

export class SyncLoop {
  /** Told when the state or its reason changes. */
  readonly changed = new Signal();
  state: SyncStateName = "offline";
  reason: string | undefined;
  private readonly backoff: Backoff;
  /** Of pushes to a log that is full. */
  private readonly pushBackoff: Backoff;
  /** Why pushing waits though reading goes on. */
  private held: string | undefined;
  /** Cuts the session that is under way, the request on its way included. */
  private session: AbortController | undefined;
  /** The session has failed, and only waits for the answer to the push that is on its way. */
  private ending = false;
  private waitMs = 0;
  /** When this session was live first. */
  private liveSince = Infinity;

  constructor(private readonly of: SyncLoopOf) {
    this.backoff = new Backoff(of.random);
    this.pushBackoff = new Backoff(of.random);
  }

  dispatch(event: SyncEvent, reason?: string): void {
    // Said in whichever tab: the one that leads asks for a new token.
    if (event === "authorized") this.of.transport.forgetToken();
    const next = transition(this.state, event);
    if (next === this.state && reason === undefined) return;
    this.state = next;
    if (reason !== undefined || next === "offline") this.reason = reason;
    else if (next === "live") this.reason = this.held;
    if (next === "live") this.liveSince = Math.min(this.liveSince, this.of.clock.now());
    if (activityIn(next) === "rest" || this.ending) this.session?.abort(new Error(`the client is ${next}`));
    this.changed.tell();
  }

  /** Shows the state of the loop that runs in another tab. */
  mirror(state: SyncStateName, reason: string | undefined): void {
    if (this.state === "closed") return;
    this.state = state;
    this.reason = reason;
    this.changed.tell();
  }

  /** This tab runs the loop from now on, whatever it showed before. */
  begin(): void {
    this.mirror("offline", undefined);
  }

  /**
   * Returns when the client is closed, or when the signal says that another one runs the loop now.
   *
   * @throws SupersededError when the buffer says it first: who leads on under an old term would store nothing more
   */
  async run(signal?: AbortSignal): Promise<void> {
    whenAborted(signal, () => {
      this.session?.abort(signal?.reason);
      this.changed.tell();
    });
    const over = () => this.state === "closed" || signal?.aborted === true;
    while (!over()) {
      const activity = activityIn(this.state);
      if (activity === "session") await this.runSession();
      else if (activity === "wait") await this.wait(signal);
      else await this.changed.until(() => activityIn(this.state) !== "rest" || over());
    }
  }

  private async runSession(): Promise<void> {
    const session = new AbortController();
    const failed = tiedTo(session.signal);
    this.session = session;
    this.liveSince = Infinity;
    this.held = undefined;
    const pushing = this.push(session.signal, failed.signal);
    // It ends by the gateway's closing: then the client comes back after a short while.
    const following = this.of.follower.run(failed.signal, event => {
      if (!failed.signal.aborted) this.dispatch(event);
    });
    const failure = await Promise.race([pushing, following]).then(
      () => undefined,
      (error: unknown) => error,
    );
    // One that was cut because the client rested is not lost, though it may be wanted again by now.
    if (activityIn(this.state) === "session" && !session.signal.aborted) this.lost(failure);
    this.ending = true;
    failed.abort();
    // A push that is on its way may be answered though reading failed: else a broken stream would starve pushing.
    await Promise.allSettled([pushing, following]);
    this.ending = false;
    this.session = undefined;
    if (failure instanceof SupersededError) throw failure;
  }

  /** `signal` cuts the request on its way, `failed` only keeps the next one from being made. */
  private async push(signal: AbortSignal, failed: AbortSignal): Promise<never> {
    const { pusher, outbox, clock } = this.of;
    for (let first = true; ; first = false) {
      // However fast reading fails, a session pushes once: else a broken stream would starve pushing.
      if (!first || !outbox.hasPending) await outbox.changed.until(() => outbox.hasPending, failed);
      signal.throwIfAborted();
      const full = await pusher.step(signal).catch(ifFull);
      failed.throwIfAborted();
      this.dispatch("connected");
      const held = full?.problem.code;
      if (held !== this.held) {
        this.held = this.reason = held;
        this.changed.tell();
      }
      if (full) await clock.sleep(this.pushBackoff.next(full.retryAfterMs), failed);
      else this.pushBackoff.reset();
    }
  }

  private lost(failure: unknown): void {
    const reason = failure === undefined ? "closing" : reasonOf(failure);
    // What fails as soon as it is live has not come back: it would be asked several times a second, for ever.
    if (this.of.clock.now() - this.liveSince >= LIVE_ENOUGH_MS) this.backoff.reset();
    this.waitMs = this.backoff.next((failure as Partial<ProblemError> | undefined)?.retryAfterMs);
    this.dispatch(eventOf(failure), reason);
  }

  private async wait(signal?: AbortSignal): Promise<void> {
    const over = new AbortController();
    const stop = this.changed.hear(() => {
      if (activityIn(this.state) !== "wait" || signal?.aborted) over.abort();
    });
    try {
      await this.of.clock.sleep(this.waitMs, over.signal);
      this.dispatch("retry-due");
    } catch {
      // The state changed: the wait is over in another way.
    } finally {
      stop();
    }
  }
}

/** A log that is full takes nothing, maybe for hours, and is read all the while: that ends no session. */
function ifFull(error: unknown): ProblemError {
  if (reasonOf(error) !== "storage-full") throw error;
  return error as ProblemError;
}

/** What a failure of a session means to the machine. */
export function eventOf(failure: unknown): SyncEvent {
  if (!(failure instanceof ProblemError)) return "connection-lost";
  const { status, code } = failure.problem;
  if (status === 426 || code === "upgrade-required") return "version-refused";
  return NO_TOKEN.test(code) || NOT_LET_IN.has(status) ? "auth-refused" : "connection-lost";
}

function reasonOf(failure: unknown): string {
  return failure instanceof ProblemError ? failure.problem.code : (failure as Error).message;
}
