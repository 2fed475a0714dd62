/**
 * The vocabulary of the client as types. The words are those of the protocol; nothing here does anything.
 */
import type { ErrorCode } from "./protocol/error-code.js";

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** How an event's data is encrypted; the keys belong to the application. */
export interface Encryption {
  readonly alg: string;
  readonly kid: string;
  readonly iv: string;
}

/** An event to append. Exactly one of `data` and `data_base64`; `key` names the register that it sets. */
export interface EventInput {
  readonly id?: string;
  /** `type/id` */
  readonly aggregate: string;
  readonly type: string;
  readonly typeVersion?: string;
  readonly key?: string;
  readonly data?: JsonValue;
  readonly data_base64?: string;
  readonly datacontenttype?: string;
  readonly time?: string;
  readonly encryption?: Encryption;
}

/** What the log adds to an event. */
export interface Recorded {
  readonly id: string;
  /** Place in its aggregate: 1, 2, 3… */
  readonly version: number;
  /** Place in the org's merged log: 1, 2, 3… */
  readonly position: number;
  readonly client: string;
  /** The id of the append that it came in. */
  readonly append: string;
  readonly sequence?: number;
  readonly recordedAt: string;
}

/** An event as the log gives it back. */
export interface RecordedEvent extends Omit<EventInput, "id">, Recorded {}

/** The latest value of one register: confirmed, or of an append of this client that is still pending. */
export interface RegisterValue {
  readonly data?: JsonValue;
  readonly data_base64?: string;
  readonly datacontenttype?: string;
  readonly encryption?: Encryption;
  readonly type: string;
  readonly typeVersion?: string;
  readonly time?: string;
  readonly client: string;
  /** Absent as long as the log has not given one. */
  readonly version?: number;
  readonly position?: number;
  /** True as long as the value is not settled by the log. */
  readonly pending: boolean;
  /** Why the data cannot be shown: no key for it, say. The data is absent then. */
  readonly unreadable?: string;
}

/** The state of an aggregate at a version, as the application published it. Exactly one of the two data forms. */
export interface Snapshot {
  readonly version: number;
  readonly data?: JsonValue;
  readonly data_base64?: string;
  readonly datacontenttype?: string;
}

/** A register as it is kept: what the log says, without what is pending. */
export type ConfirmedRegister = Omit<RegisterValue, "pending" | "unreadable" | "version" | "position"> & {
  readonly version: number;
  readonly position: number;
};

/** Names one settled append of this client: the place behind which the next one goes. */
export interface AppendRef {
  readonly sequence: number;
  readonly id: string;
}

/** An append that has its sequence and is durable here, and that no answer has settled yet. */
export interface PendingAppend extends AppendRef {
  readonly events: readonly EventInput[];
  /** This device's clock, milliseconds since 1970; for showing ages only. */
  readonly createdAt: number;
  /** Set when the append is given up: it is sent as void, so that its sequence is settled all the same. */
  readonly givenUp?: Problem;
}

/** Where an append landed. */
export interface Confirmation {
  /** First and last position. */
  readonly positions: readonly [number, number];
  /** The version of each aggregate after the append. */
  readonly versions: Readonly<Record<string, number>>;
}

/** An append that the log refused for good; it waits here to be retried or discarded. */
export interface RejectedAppend extends AppendRef {
  readonly events: readonly EventInput[];
  readonly problem: Problem;
  readonly createdAt: number;
  readonly rejectedAt: number;
}

/** A refusal as the gateway states it (RFC 9457). */
export interface Problem {
  /** A newer gateway, and the token endpoint, may have others. */
  readonly code: ErrorCode | (string & {});
  readonly status: number;
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly done?: "nothing" | "settled" | "unknown";
  readonly [name: string]: unknown;
}

/** The states of the sync machine; see clients/SPEC.md. */
export type SyncStateName =
  "offline" | "connecting" | "catching-up" | "live" | "backing-off" | "needs-auth" | "upgrade-required" | "closed";

/** Everything that a status line wants to say. */
export interface Status {
  readonly state: SyncStateName;
  /** Why it is not live: a problem's code, or what failed, in words. */
  readonly reason?: string;
  readonly pending: number;
  readonly rejected: number;
  /** This device's clock, milliseconds since 1970. */
  readonly oldestPendingAt?: number;
  /** Up to where the merged log was read here. */
  readonly localPosition: number;
  /** The latest position of the log that this client heard of. */
  readonly serverPosition?: number;
  /** False when the browser may evict what is stored; absent where that cannot be known. */
  readonly persistent?: boolean;
}
