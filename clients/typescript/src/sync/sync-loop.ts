/**
 * Drives pushing and reading by the sync machine: while its state means a session, both run side by side, and the
 * first failure of either ends it; else it waits or rests. Nothing else starts or stops them.
 */
import type { Clock, Random } from "../clock.js";
import type { SyncStateName } from "../model.js";
import { NoAnswerError, ProblemError } from "../protocol/problem.js";
import type { OpenAggregates } from "../state/open-aggregates.js";
import { Backoff } from "./backoff.js";
import type { Follower } from "./follower.js";
import type { Outbox } from "./outbox.js";
import type { Pusher } from "./pusher.js";
import { Signal } from "./signal.js";
import { ACTIVITIES, transition, type SyncEvent } from "./sync-state.js";

export interface SyncLoopOf {
  readonly pusher: Pusher;
  readonly follower: Follower;
  readonly outbox: Outbox;
  readonly open: OpenAggregates;
  readonly clock: Clock;
  readonly random: Random;
}

/** Refusals that mean: this identity is not let in (yet). What it wants to append waits. */
const NOT_LET_IN: ReadonlySet<number> = new Set([401, 403, 404]);
/** What the token endpoint says of a device that it gives no token (RFC 6749 §5.2, RFC 9449 §5). */
const NO_TOKEN: ReadonlySet<string> = new Set([
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "access_denied",
  "invalid_dpop_proof",
]);

export class SyncLoop {
  /** Told when the state or its reason changes. */
  readonly changed = new Signal();
  state: SyncStateName = "offline";
  reason: string | undefined;
  private readonly backoff: Backoff;
  private session: AbortController | undefined;
  private waitMs = 0;

  constructor(private readonly of: SyncLoopOf) {
    this.backoff = new Backoff(of.random);
  }

  dispatch(event: SyncEvent, reason?: string): void {
    const next = transition(this.state, event);
    if (next === this.state && reason === undefined) return;
    this.state = next;
    if (reason !== undefined || next === "live" || next === "offline") this.reason = reason;
    if (next === "live") this.backoff.reset();
    if (ACTIVITIES[next] !== "session") this.session?.abort(new Error(`the client is ${next}`));
    this.changed.tell();
  }

  /** Returns when the client is closed. */
  async run(): Promise<void> {
    while (this.state !== "closed") {
      const activity = ACTIVITIES[this.state];
      if (activity === "session") await this.runSession();
      else if (activity === "wait") await this.wait();
      else await this.changed.until(() => ACTIVITIES[this.state] !== "rest" || this.state === "closed");
    }
  }

  private async runSession(): Promise<void> {
    const session = new AbortController();
    this.session = session;
    const tasks = [this.follow(session.signal), this.push(session.signal)];
    let failure: unknown;
    try {
      await Promise.race(tasks);
    } catch (error) {
      failure = error;
    }
    session.abort(new Error("the session is over"));
    await Promise.allSettled(tasks);
    this.session = undefined;
    if (ACTIVITIES[this.state] === "session") this.lost(failure);
  }

  /** Ends when the gateway says that it closes: then the client comes back after a short while. */
  private async follow(signal: AbortSignal): Promise<void> {
    await this.of.follower.run(signal, event => {
      if (!signal.aborted) this.dispatch(event);
    });
  }

  private async push(signal: AbortSignal): Promise<never> {
    const { pusher, outbox, open } = this.of;
    for (let first = true; ; first = false) {
      const readsNothing = () => open.names().length === 0;
      if (!first || !readsNothing()) await outbox.changed.until(() => outbox.hasPending, signal);
      await pusher.step(signal);
      this.backoff.reset();
      this.dispatch("connected");
      if (readsNothing()) this.dispatch("caught-up");
    }
  }

  private lost(failure: unknown): void {
    const reason = failure === undefined ? "closing" : reasonOf(failure);
    this.waitMs = this.backoff.next(failure instanceof ProblemError ? failure.retryAfterMs : undefined);
    this.dispatch(eventOf(failure), reason);
  }

  private async wait(): Promise<void> {
    const over = new AbortController();
    const stop = this.changed.listen(() => {
      if (ACTIVITIES[this.state] !== "wait") over.abort();
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

/** What a failure of a session means to the machine. */
export function eventOf(failure: unknown): SyncEvent {
  if (!(failure instanceof ProblemError)) return "connection-lost";
  const { status, code } = failure.problem;
  if (status === 426 || code === "upgrade-required") return "version-refused";
  return NOT_LET_IN.has(status) || NO_TOKEN.has(code) ? "auth-refused" : "connection-lost";
}

function reasonOf(failure: unknown): string {
  if (failure instanceof ProblemError) return failure.problem.code;
  if (failure instanceof NoAnswerError) return failure.message;
  return failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
}
