/**
 * What a local buffer is: the one place where a client keeps its identity, its sequence, what is pending, what was
 * rejected, what was settled lately, and the confirmed state of what it reads. All of it lives and vanishes together;
 * a client that kept its key and lost its sequence would fork itself. Every implementation passes the same contract
 * suite (test/buffer/contract.ts).
 *
 * Each method is one transaction: it happened as a whole, durably where this text says so, or not at all.
 */
import type {
  AppendRef,
  Confirmation,
  ConfirmedRegister,
  EventInput,
  PendingAppend,
  Problem,
  RecordedEvent,
  RejectedAppend,
  Snapshot,
} from "../model.js";

/** The public half of a device key as RFC 7638 wants it: nothing but the required members. */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** A device's identity as it is stored. */
export interface StoredIdentity {
  /** The RFC 7638 thumbprint of the public key. */
  readonly clientId: string;
  readonly publicJwk: PublicJwk;
  /** A handle that cannot be extracted where the store can keep one, else the key itself. */
  readonly privateKey: CryptoKey | JsonWebKey;
}

/** What an application wants appended, before it has its sequence. */
export interface Draft {
  readonly id: string;
  readonly events: readonly EventInput[];
  readonly createdAt: number;
  /** The rejected append that this one takes the place of; it leaves the rejected list in the same transaction. */
  readonly retries?: string;
}

/** A settled append of this device's, kept so that it can be shown until it is read back, and sent again if lost. */
export interface KeptAppend extends AppendRef {
  readonly client: string;
  /** Empty when it was rejected: all that would be sent again is that its sequence is settled. */
  readonly events: readonly EventInput[];
  readonly confirmation?: Confirmation;
  readonly settledAt: number;
}

/** A kept append as it goes to the queue again: with its events, or as void when all it did was to be rejected. */
export function pendingAgain(append: KeptAppend): PendingAppend {
  const { sequence, id, events, settledAt: createdAt } = append;
  const again = { sequence, id, events, createdAt };
  return append.confirmation ? again : { ...again, givenUp: { code: "void", status: 410 } };
}

/** The outcome of a push for the front of the queue. */
export interface Settlement {
  /** The identity under which it was pushed; a settlement for another one is refused. */
  readonly client: string;
  /** The last append that is settled now. All pending ones up to it leave the queue. */
  readonly settled: AppendRef;
  readonly kept: readonly KeptAppend[];
  readonly rejected: readonly RejectedAppend[];
}

/** Where reading of the merged log stands. */
export interface Cursor {
  /** Everything up to here that the client follows is in the confirmed state. */
  readonly position: number;
  /** Which log this is, and what it looked like: sent back so that a log restored from an old backup is noticed. */
  readonly log?: string;
  readonly check?: { readonly position: number; readonly hash: string };
}

/** Confirmed state of one aggregate. */
export interface StoredAggregate {
  readonly aggregate: string;
  /** 0: it does not exist, as far as is known here. */
  readonly version: number;
  /** The position of the merged log up to which it is complete. */
  readonly position: number;
  /** Whoever asked for it may change it. */
  readonly registers: Map<string, ConfirmedRegister>;
  /** Set when its events are kept too: they are complete behind this version. */
  readonly historyAfter?: number;
  /** True when there may be earlier ones in the log. */
  readonly tail?: boolean;
  /** What the kept events are the tail of; without data, what came before is gone. */
  readonly snapshot?: Snapshot;
}

/** How the confirmed state of one aggregate moves on. */
export interface AggregateChange {
  readonly aggregate: string;
  readonly version: number;
  readonly position: number;
  /** Drop the registers that are stored before putting these. */
  readonly resetRegisters?: boolean;
  /** Null clears a register. */
  readonly registers: readonly (readonly [string, ConfirmedRegister | null])[];
  /** Set as long as events are kept: they are complete behind this version, and none is stored at or below it. */
  readonly historyAfter?: number;
  readonly tail?: boolean;
  /** Left out: the one that is stored stays. */
  readonly snapshot?: Snapshot;
  readonly history: readonly RecordedEvent[];
  /** Forget the aggregate: nothing of it may be seen any more. */
  readonly forget?: boolean;
}

/** Everything that one step of reading changes, applied as a whole. */
export interface ConfirmedChange {
  /** Null: nothing is known any more of where reading stood. */
  readonly cursor?: Cursor | null;
  /** The aggregates that are complete up to the cursor from now on. */
  readonly follows?: readonly string[];
  readonly aggregates: readonly AggregateChange[];
  /** Drop the confirmed state of every aggregate first. */
  readonly forgetAll?: boolean;
}

/** What is in the buffer when it is opened. */
export interface BufferContents {
  readonly identity: StoredIdentity;
  readonly settled: AppendRef | null;
  /** In the order of their sequences. */
  readonly pending: readonly PendingAppend[];
  readonly rejected: readonly RejectedAppend[];
  readonly cursor: Cursor | null;
  /** The aggregates that are complete up to the cursor, whatever their own position says. */
  readonly follows: readonly string[];
}

/** Where a client keeps what must outlive it. Applications choose one; they never call it. */
export interface LocalBuffer {
  /** Whether the store keeps key handles (and the key cannot be extracted) or needs the key's own bytes. */
  readonly keyForm: "handle" | "jwk";

  /** Set when tabs share the store: the name by which they find each other. */
  readonly sharedAs?: string;

  /**
   * Begins a term: from now on changes that only the leading tab makes (`settle`, `giveUp`, `rewind`, `restamp`,
   * `confirm`) by one that led before are refused with a `SupersededError`. Stores that are not shared have none.
   */
  lead?(): Promise<void>;

  /** Opens the store; `newIdentity` is asked for only when there is none yet. */
  open(newIdentity: () => Promise<StoredIdentity>): Promise<BufferContents>;

  /** What is in it now, as another process or tab may have left it. */
  contents(): Promise<BufferContents>;

  /**
   * Numbers the appends and makes them durable, in the order given; returns those. One that retries what is not in
   * the rejected list any more is left out: another tab retried it, or discarded it.
   */
  append(drafts: readonly Draft[]): Promise<readonly PendingAppend[]>;

  /** Moves the front of the queue to where it belongs. Durable. */
  settle(settlement: Settlement): Promise<void>;

  /** Marks a pending append as given up, with the reason. Durable. */
  giveUp(sequence: number, problem: Problem): Promise<void>;

  /** Drops a rejected append. False when there is none: it was retried, or discarded, maybe by another tab. Durable. */
  discardRejected(id: string): Promise<boolean>;

  /** The log lost what came behind `settled`: what is kept of it is pending again, under the numbers that it had. */
  rewind(settled: AppendRef | null): Promise<BufferContents>;

  /**
   * A new identity: everything unsettled is numbered again from 1 under it, in its order, and nothing counts as
   * followed: what the former one was shown may not be what this one may see. Durable.
   */
  restamp(identity: StoredIdentity): Promise<BufferContents>;

  /** Moves the confirmed state on. It can be read again from the log, so it needs no durability of its own. */
  confirm(change: ConfirmedChange): Promise<void>;

  /** The confirmed state of an aggregate, where there is one. */
  loadAggregate(aggregate: string): Promise<StoredAggregate | undefined>;

  /** Kept events of an aggregate behind `after`, in order, at most `limit`. */
  loadHistory(aggregate: string, after: number, limit: number): Promise<readonly RecordedEvent[]>;

  /** Kept appends that landed behind `position`, in order: those that are settled and not read back yet. */
  loadKept(position: number): Promise<readonly KeptAppend[]>;

  /** Drops kept appends that were settled before `time`. */
  pruneKept(time: number): Promise<void>;

  /** Whether the store is safe from eviction; undefined where that cannot be known. */
  persistent(): Promise<boolean | undefined>;

  /** Ends what is under way and gives the store free. */
  close(): Promise<void>;
}

/** The store could not take a change: nothing of it was kept. */
export class BufferWriteError extends Error {
  override readonly name = "BufferWriteError";
}

/** The store holds something that this client cannot read; nothing in it was changed. */
export class BufferFormatError extends Error {
  override readonly name = "BufferFormatError";
}

/** The store is open in another process. */
export class BufferInUseError extends Error {
  override readonly name = "BufferInUseError";
}

/** Another tab leads now: what this one wanted to change as the leader was not changed. */
export class SupersededError extends Error {
  override readonly message = "another tab leads now";
}

/** The identity changed under the one who asked: another tab healed a fork. */
export function identityChanged(): Error {
  return new Error("the buffer has a new identity");
}
