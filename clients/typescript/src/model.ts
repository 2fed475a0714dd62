/**
 * The vocabulary of the client as types. The words are those of the protocol; nothing here does anything.
 */
import type { ErrorCode } from "./protocol/error-code.js";

/** Any JSON. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** How an event's data is encrypted; the keys belong to the application. */
export interface Encryption {
  /** `A256GCM`, or what the codec of the application makes of it. */
  readonly alg: string;
  /** The id of the key; the application knows the key. */
  readonly kid: string;
  /** The initialization vector, in base64url. */
  readonly iv: string;
}

/** An event to append. Exactly one of `data` and `data_base64`; `key` names the register that it sets. */
export interface EventInput {
  /** A UUID; the log gives one when it is left out. */
  readonly id?: string;
  /** `type/id` */
  readonly aggregate: string;
  /** What happened: letters, digits, `.`, `_`, `~` and `-`, at most 128. */
  readonly type: string;
  /** The version of the type; `1.0` when left out. */
  readonly typeVersion?: string;
  /** The register that the event sets: 1 to 512 bytes of UTF-8 without control characters. */
  readonly key?: string;
  /** Any JSON, at most 1 MiB. With a `key`, null clears the register. */
  readonly data?: JsonValue;
  /** Bytes in Base64, in the place of `data`. */
  readonly data_base64?: string;
  /** The media type of the data. */
  readonly datacontenttype?: string;
  /** When it happened, as the application says (RFC 3339). Decides nothing. */
  readonly time?: string;
  /** Set when the data is encrypted; a codec sets it by itself. */
  readonly encryption?: Encryption;
}

/** What the log adds to an event. */
export interface Recorded {
  /** The event's UUID. */
  readonly id: string;
  /** Place in its aggregate: 1, 2, 3… */
  readonly version: number;
  /** Place in the org's merged log: 1, 2, 3… */
  readonly position: number;
  /** Who appended it: the id of a device, or the name of a backend. */
  readonly client: string;
  /** The id of the append that it came in. */
  readonly append: string;
  /** The number of the append among that client's; absent for one that was made directly. */
  readonly sequence?: number;
  /** When the gateway recorded it (RFC 3339). */
  readonly recordedAt: string;
}

/** An event as the log gives it back. */
export interface RecordedEvent extends Omit<EventInput, "id">, Recorded {}

/** The latest value of one register: confirmed, or of an append of this client that is still pending. */
export interface RegisterValue {
  /** The JSON that was set. */
  readonly data?: JsonValue;
  /** Bytes in Base64, in the place of `data`. */
  readonly data_base64?: string;
  /** The media type of the data. */
  readonly datacontenttype?: string;
  /** Set when the data is encrypted and no codec opened it. */
  readonly encryption?: Encryption;
  /** The type of the event that set it. */
  readonly type: string;
  /** The version of that type; `1.0` when absent. */
  readonly typeVersion?: string;
  /** When that happened, as the application said. */
  readonly time?: string;
  /** Who set it. */
  readonly client: string;
  /** Absent as long as the log has not given one. */
  readonly version?: number;
  /** Absent as long as the log has not given one. */
  readonly position?: number;
  /** True as long as the value is not settled by the log. */
  readonly pending: boolean;
  /** Why the data cannot be shown: no key for it, say. The data is absent then. */
  readonly unreadable?: string;
}

/** The state of an aggregate at a version, as the application published it. Exactly one of the two data forms. */
export interface Snapshot {
  /** The version of the aggregate that this is the state of. */
  readonly version: number;
  /** Any JSON. */
  readonly data?: JsonValue;
  /** Bytes in Base64, in the place of `data`. */
  readonly data_base64?: string;
  /** The media type of the data. */
  readonly datacontenttype?: string;
}

/** A register as it is kept: what the log says, without what is pending. */
export type ConfirmedRegister = Omit<RegisterValue, "pending" | "unreadable" | "version" | "position"> & {
  readonly version: number;
  readonly position: number;
};

/** Names one settled append of this client: the place behind which the next one goes. */
export interface AppendRef {
  /** Its number among this client's appends: 1, 2, 3… without a gap. */
  readonly sequence: number;
  /** The append's UUID. */
  readonly id: string;
}

/** An append that has its sequence and is durable here, and that no answer has settled yet. */
export interface PendingAppend extends AppendRef {
  /** Its events, as they are stored and sent. */
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
  /** Its events. */
  readonly events: readonly EventInput[];
  /** Why the log refused it. */
  readonly problem: Problem;
  /** This device's clock, milliseconds since 1970. */
  readonly createdAt: number;
  /** This device's clock, milliseconds since 1970. */
  readonly rejectedAt: number;
}

/** A refusal as the gateway states it (RFC 9457). */
export interface Problem {
  /** A newer gateway, and the token endpoint, may have others. */
  readonly code: ErrorCode | (string & {});
  /** The HTTP status. */
  readonly status: number;
  /** Where the gateway explains it: `/problems/<code>`. */
  readonly type?: string;
  /** What it is, in a few words. */
  readonly title?: string;
  /** What it is in this case. */
  readonly detail?: string;
  /** What became of the request. */
  readonly done?: "nothing" | "settled" | "unknown";
  readonly [name: string]: unknown;
}

/** The states of the sync machine; see clients/SPEC.md. */
export type SyncStateName =
  "offline" | "connecting" | "catching-up" | "live" | "backing-off" | "needs-auth" | "upgrade-required" | "closed";

/** Everything that a status line wants to say. */
export interface Status {
  /** Where the sync machine stands. */
  readonly state: SyncStateName;
  /** Why it is not live, or nothing is pushed though it is: a problem's code, or what failed, in words. */
  readonly reason?: string;
  /** Appends that the log has not settled. */
  readonly pending: number;
  /** Appends that the log refused and that wait to be retried or discarded. */
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
