/**
 * Reads the merged log for all open aggregates over one subscription: first the state of each that is new, then the
 * stream from the cursor on. One call to `run` is one connection and all its changes of filter; it never ends but by
 * the gateway's closing, a failure or the signal.
 */
import { tiedTo } from "../abort.js";
import { PAGE_LIMIT, POLL_FALLBACK_MS } from "../limits.js";
import type { Clock } from "../clock.js";
import type { AggregateChange, Cursor } from "../buffer/local-buffer.js";
import type { Snapshot } from "../model.js";
import { type ProblemError, StreamHeldBackError } from "../protocol/errors.js";
import { agreement } from "../protocol/requests.js";
import type { AggregatePage, Agreement, LogEnd, LogQuery, Requests } from "../protocol/requests.js";
import {
  subscribeByPoll,
  subscribeBySse,
  type PresenceMessage,
  type SubscriptionMessage,
} from "../protocol/subscription.js";
import { asNoAnswer } from "../protocol/transport.js";
import type { OpenAggregate } from "../state/open-aggregate.js";
import type { OpenAggregates } from "../state/open-aggregates.js";
import type { Report } from "./notice.js";
import type { Pusher } from "./pusher.js";
import type { SyncEvent } from "./sync-state.js";

export interface FollowerOf {
  readonly requests: Requests;
  readonly open: OpenAggregates;
  readonly clock: Clock;
  readonly report: Report;
  readonly presence: (presence: PresenceMessage) => void;
  readonly pusher: Pick<Pusher, "recoverLost" | "hasLost">;
}

type EventsMessage = Extract<SubscriptionMessage, { kind: "events" }>;
type PageQuery = LogQuery & { readonly after: number };

export type Tell = (event: SyncEvent) => void;

/** Why reading starts over from the list of what is open: that, or the way to read, is another one now. */
class FilterChanged extends Error {}

export class Follower {
  /** The latest position of the log that this client heard of. */
  serverPosition: number | undefined;
  private pollsSince = -Infinity;
  private part: AbortController | undefined;
  /** The log that is being read was asked, since that began, whether it has everything that was settled. */
  private proved = false;

  constructor(private readonly of: FollowerOf) {}

  /** Resolves when the gateway says that it closes. */
  async run(signal: AbortSignal, tell: Tell): Promise<void> {
    const { open } = this.of;
    for (;;) {
      const part = (this.part = tiedTo(signal));
      const names = open.names();
      const unlisten = open.wanted.hear(() => {
        if (this.mustStartOver(names)) part.abort(new FilterChanged());
      });
      try {
        await this.runWith(names, part.signal, tell);
        return;
      } catch (error) {
        await this.recover(error, part.signal, signal);
      } finally {
        unlisten();
        part.release();
      }
    }
  }

  /** The client has another identity: it reads with the rights of that one. */
  async readAsAnother(): Promise<void> {
    // In this order: what the former identity was just shown must not count as read by this one.
    this.part?.abort(new FilterChanged());
    await this.of.open.readAsAnother();
  }

  private mustStartOver(names: readonly string[]): boolean {
    return this.of.open.toRead().length > 0 || this.of.open.names().some(name => !names.includes(name));
  }

  /** Returns when reading starts over at once; rethrows what ends the session. */
  private async recover(error: unknown, part: AbortSignal, session: AbortSignal): Promise<void> {
    session.throwIfAborted();
    if ((part.aborted ? part.reason : error) instanceof FilterChanged) return;
    if (error instanceof StreamHeldBackError && !this.polls) {
      this.pollsSince = this.of.clock.now();
      return;
    }
    if ((error as Partial<ProblemError>).problem?.code === "log-diverged") {
      // In this order: until what was lost is in the queue again, the next try must find out again.
      await this.of.pusher.recoverLost(session);
      await this.of.open.distrust();
    }
    // A log that says so again at once is asked again after a wait.
    throw error;
  }

  private get polls(): boolean {
    // Nor for longer where the clock is put back.
    return Math.abs(this.of.clock.now() - this.pollsSince) < POLL_FALLBACK_MS;
  }

  private async runWith(names: readonly string[], signal: AbortSignal, tell: Tell): Promise<void> {
    const { open } = this.of;
    if (names.length === 0) {
      await this.prove(signal, null);
      tell("caught-up");
      await open.wanted.until(() => open.names().length > 0, signal);
      throw new FilterChanged();
    }
    if (open.toRead().length > 0) tell("behind");
    for (const aggregate of open.toRead()) {
      await this.read(aggregate, signal);
      tell("connected");
    }
    signal.throwIfAborted();
    await open.follow(names);
    tell("connected");
    const cursor = open.cursor!;
    const polls = this.polls;
    const subscribe = polls ? subscribeByPoll : subscribeBySse;
    this.proved = false;
    const query: LogQuery = { after: cursor.position, aggregates: names, ...agreement(cursor) };
    for await (const message of subscribe({ requests: this.of.requests, clock: this.of.clock, query, signal })) {
      signal.throwIfAborted();
      if (message.kind === "closing") return;
      await this.take(message, signal, tell);
      if (this.mustStartOver(names) || polls !== this.polls) throw new FilterChanged();
    }
  }

  /**
   * Where the log ends now, for a client that has never read: its states are read behind this. Asked for twice: an
   * answer tells the hash of the page's end.
   */
  private async head(signal: AbortSignal): Promise<Cursor> {
    const { requests } = this.of;
    const { position: end } = await requests.log({ after: 0, limit: 1 }, signal);
    const page = await requests.log({ after: end, limit: 1 }, signal);
    return endOf({ ...page, position: page.next ?? page.position })!;
  }

  /**
   * A log that lost appends of this client's and grew again could tell a hash beyond them, which would hide that for
   * ever. So before a hash is kept, the log that tells it is asked for what landed behind the last one. Who reads
   * nothing is told no hash, and asks for whatever landed.
   */
  private async prove(
    signal: AbortSignal,
    behind: number | null = this.of.open.cursor?.check?.position ?? 0,
  ): Promise<void> {
    if (!(await this.of.pusher.hasLost(behind, signal))) return;
    await this.of.open.distrust();
    throw new FilterChanged();
  }

  /** Reads the state of an aggregate and, where they are wanted, its events; both as of one version. */
  private async read(open: OpenAggregate, signal: AbortSignal): Promise<void> {
    const { cursor } = this.of.open;
    const state = await this.of.requests.state(open.name, agreement(cursor), signal);
    const told = endOf(state);
    if (cursor === null && (told === undefined || state.version === undefined)) {
      // It may have been made since it was looked for: it is looked for again, from behind a cursor.
      const begin = told ?? (await this.head(signal));
      await this.prove(signal);
      await this.of.open.follow([], begin);
      return await this.read(open, signal);
    }
    await this.prove(signal);
    // What it says holds for the log with this hash alone: that is kept with it, and asked with from here on. Reading
    // begins where the first state is of: those that are asked for with its hash are of the same log, and no older.
    const seen = told === undefined ? cursor! : { ...told, position: (cursor ?? told).position };
    const change = open.confirmed.replacedBy(state, seen.position);
    if (open.wanted === "none") {
      await this.of.open.replace(change, seen);
      return;
    }
    for await (const page of this.readHistory(open, change, agreement(seen), state.snapshot, signal)) {
      await this.of.open.replace(page, seen);
    }
  }

  /**
   * What is kept stays and is read on from where it ends. When there is none, or it does not reach back far enough for
   * what is wanted, reading begins anew: behind the published snapshot, or with the first event that there is.
   */
  private async *readHistory(
    open: OpenAggregate,
    change: AggregateChange,
    agreed: Agreement,
    published: Snapshot | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<AggregateChange> {
    const { confirmed, wanted } = open;
    const known = confirmed.historyAfter !== undefined;
    const anew = !known || (wanted === "all" && confirmed.tail) || confirmed.version > change.version;
    const first = wanted === "tail" ? (published?.version ?? 0) : 0;
    let historyAfter = anew ? first : confirmed.historyAfter!;
    let after = anew ? first : confirmed.version;
    const tail = anew ? first > 0 : confirmed.tail;
    const kept = () => ({ historyAfter, tail, ...snapshotFor(historyAfter, published, confirmed.snapshot) });
    // What was kept does not fit what comes: it goes first.
    if (anew && known) yield partOf(open, confirmed.version);
    let complete = false;
    let trimmed = 0;
    while (after < change.version) {
      const page = await this.page(open.name, { after, to: change.version, limit: PAGE_LIMIT, ...agreed }, signal);
      if (typeof page === "number") {
        // A newer snapshot was published and what it covers was trimmed, just now.
        if (anew && tail) throw new FilterChanged();
        trimmed = historyAfter = after = page;
        continue;
      }
      // The log was put back to before that trim.
      if (page.firstVersion <= trimmed) throw new FilterChanged();
      if (page.firstVersion - 1 > historyAfter) historyAfter = page.firstVersion - 1;
      after = page.next ?? page.events.at(-1)?.version ?? after;
      complete = after === change.version;
      if (!complete && page.next === null) throw new Error("the last page ends early");
      yield { ...(complete ? change : partOf(open, after)), ...kept(), history: page.events };
    }
    if (!complete) yield { ...change, ...kept() };
  }

  /** A page of an aggregate's events; when they were trimmed: the version behind which there are some. */
  private page(name: string, query: PageQuery, signal: AbortSignal): Promise<AggregatePage | number> {
    return this.of.requests.events(name, query, signal).catch((error: unknown) => {
      const { problem } = error as Partial<ProblemError>;
      // Of what was trimmed.
      const first = Number(problem?.firstVersion) - 1;
      if (first > query.after) return first;
      // It was deleted, or may not be seen any more, since its state was read, which is read again.
      throw problem?.status === 404 ? asNoAnswer(error) : error;
    });
  }

  private async take(
    message: Exclude<SubscriptionMessage, { kind: "closing" }>,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<void> {
    const { open, report } = this.of;
    if (message.kind === "events") {
      this.heardOf(message.position);
      await this.advance(message, signal);
      if (message.atHead) tell("caught-up");
    } else if (message.kind === "presence") this.of.presence(message.presence);
    else {
      const { kind, aggregate, position } = message;
      await (kind === "granted" ? open.granted(aggregate, position) : open.forget(aggregate, position));
      report({ kind, aggregate });
    }
  }

  private async advance({ events, position, hash }: EventsMessage, signal: AbortSignal): Promise<void> {
    const { open } = this.of;
    if (hash === undefined || this.proved) {
      await open.advance(events, position, hash);
      return;
    }
    await open.advance(events, position);
    await this.prove(signal);
    // Every page of a long-poll is a reading of its own.
    this.proved = !this.polls;
    await open.advance([], position, hash);
  }

  heardOf(position: number): void {
    this.serverPosition = Math.max(this.serverPosition ?? 0, position);
  }
}

/** Where the log was that gave an answer; undefined when the answer does not tell. */
function endOf({ position, log, hash }: Partial<LogEnd>): Cursor | undefined {
  return hash === undefined ? undefined : { position: position!, log: log!, check: { position: position!, hash } };
}

/** What the kept events are the tail of, where that is not known yet. */
function snapshotFor(historyAfter: number, published: Snapshot | undefined, known: Snapshot | undefined) {
  const covers = published !== undefined && published.version >= historyAfter;
  const snapshot = covers ? published : { version: historyAfter };
  return known?.version === snapshot.version ? {} : { snapshot };
}

/** Until the last page an aggregate keeps its registers and stands at what is there of its events. */
function partOf(open: OpenAggregate, version: number): AggregateChange {
  return { aggregate: open.name, version, position: open.confirmed.position, registers: [], history: [] };
}
