/**
 * Pushes what is pending, in order, one request at a time. Each step is bounded: it takes the front of the queue,
 * sends it, and puts what the answer settles into the buffer. An answer that did not come changes nothing; the next
 * step sends the same again. Nothing is ever numbered again but under a new identity.
 */
import type { StoredIdentity } from "../buffer/local-buffer.js";
import { BLOCKED_TIMES, MAX_APPENDS_PER_PUSH } from "../limits.js";
import type { AppendRef, Problem } from "../model.js";
import type { ProblemError } from "../protocol/errors.js";
import type { PushAnswer, Requests } from "../protocol/requests.js";
import type { Report } from "./notice.js";
import type { Outbox } from "./outbox.js";
import type { Batch } from "./settlement.js";
import { Turns } from "./turns.js";

export interface PusherOf {
  readonly requests: Requests;
  readonly outbox: Outbox;
  readonly report: Report;
  readonly newIdentity: () => Promise<StoredIdentity>;
  readonly heardOf: (position: number) => void;
  readonly identityChanged: () => Promise<void>;
}

/** Refusals of a whole request that lie in what was sent: sending the same again would be refused again. */
const FAULTS_OF_THE_REQUEST: ReadonlySet<string> = new Set([
  "bad-request",
  "too-large",
  "unsupported-media-type",
  "schema-violation",
  "blocked",
]);

export class Pusher {
  /** How many appends go in one request; less after a refusal that may be the fault of one of them. */
  private limit = MAX_APPENDS_PER_PUSH;
  /** How often a single append was forbidden by somebody else, since one was let through. */
  private blocked = 0;
  /** Of steps and recoveries, so that each knows what is settled. */
  private readonly turns = new Turns();

  constructor(private readonly of: PusherOf) {}

  /** Sends the front of the queue and takes the answer. With nothing pending it asks whether all is still there. */
  step(signal: AbortSignal): Promise<void> {
    return this.turns.inTurn(() => this.stepOnce(signal));
  }

  /** The log may have lost appends of this client's: finds out which, and puts them into the queue again. */
  recoverLost(signal: AbortSignal): Promise<void> {
    return this.turns.inTurn(async () => {
      if (!(await this.recover(signal))) this.of.report({ kind: "log-diverged", resent: 0 });
    });
  }

  /**
   * Whether the log lost appends that landed behind a position (null: anywhere); they are in the queue again then. It
   * is asked behind every push that is on its way: what that settles is asked for, too.
   */
  hasLost(position: number | null, signal: AbortSignal): Promise<boolean> {
    return this.turns.inTurn(async () => {
      signal.throwIfAborted();
      const mayHave = position === null || (await this.of.outbox.isAheadOf(position));
      return mayHave && (await this.recover(signal));
    });
  }

  private async stepOnce(signal: AbortSignal): Promise<void> {
    const { outbox } = this.of;
    if (outbox.beginsBehindGap) {
      // Another tab may have told of its appends in another order; else the last step ended half way.
      await outbox.reload();
      if (outbox.beginsBehindGap) await this.takeNewIdentity();
      return;
    }
    const batch = outbox.batch(this.limit);
    if (batch.appends.length === 0) {
      await this.recover(signal);
      return;
    }
    let answer: PushAnswer;
    try {
      answer = await this.of.requests.push(batch.after, batch.appends, batch.texts, signal);
    } catch (error) {
      await this.refused(error, batch, signal);
      return;
    }
    if (!batch.appends[0]!.givenUp) this.blocked = 0;
    await outbox.settle(batch, answer.results);
    if (answer.head !== null) this.of.heardOf(answer.head.position);
    this.limit = Math.min(MAX_APPENDS_PER_PUSH, this.limit * 2);
  }

  /** False when the log has lost none. */
  private async recover(signal: AbortSignal): Promise<boolean> {
    const { outbox, requests, report } = this.of;
    const { head } = await requests.push(null, [], [], signal);
    const settled = outbox.settled;
    if (settled === null || (head !== null && head.sequence >= settled.sequence)) return false;
    const last: AppendRef | null = head && { sequence: head.sequence, id: head.id };
    report({ kind: "log-diverged", resent: await outbox.rewind(last) });
    // What is older than what is kept cannot be sent again, and nothing can follow a gap under this identity.
    if (outbox.beginsBehindGap) await this.takeNewIdentity();
    return true;
  }

  private async refused(error: unknown, batch: Batch, signal: AbortSignal): Promise<void> {
    const { length } = batch.appends;
    const problem = (error as Partial<ProblemError>).problem ?? (await this.blockedBy(error, length, signal));
    const { code } = problem;
    if (code === "client-forked") {
      // What was appended before the fork is this client's, and must be known as settled first.
      if (length > 1) {
        this.limit = 1;
        return;
      }
      await this.takeNewIdentity();
      // It goes on after a wait: whoever calls every identity forked must not have new ones made without end.
      throw error;
    }
    if (code === "sequence-gap" && (await this.recover(signal))) return;
    if (!FAULTS_OF_THE_REQUEST.has(code)) throw error;
    const append = batch.appends[0]!;
    if (length > 1) this.limit = Math.ceil(length / 2);
    // Refused even as void: not the fault of what is in it.
    else if (append.givenUp) throw error;
    else await this.of.outbox.giveUp(append, problem);
  }

  /**
   * What answers a push in the gateway's place, and lets one through in which nothing is, minds what is in it. A
   * captive portal lets neither through. It may think better of it, so that it is asked many times; and where it minds
   * whatever there is, it is asked twice as often for each one more, until one is let through. A server in trouble (500
   * and above) minds nothing.
   */
  private async blockedBy(error: unknown, length: number, signal: AbortSignal): Promise<Problem> {
    // What is too long for a slow network never arrives: fewer at a time do.
    this.limit = Math.ceil(length / 2);
    const status = (error as Error).cause as number;
    if (!(status < 500)) throw error;
    await this.of.requests.push(null, [], [], signal);
    if (length === 1 && (++this.blocked < BLOCKED_TIMES || this.blocked & (this.blocked - 1))) throw error;
    return { code: "blocked", status };
  }

  private async takeNewIdentity(): Promise<void> {
    const { outbox, report } = this.of;
    const before = outbox.identity.clientId;
    await outbox.restamp(await this.of.newIdentity());
    const now = outbox.identity.clientId;
    this.limit = MAX_APPENDS_PER_PUSH;
    report({ kind: "client-forked", before, now, resent: outbox.pendingCount });
    await this.of.identityChanged();
  }
}
