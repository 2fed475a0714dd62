/**
 * The sync machine: a pure function over states and events, total by construction. The same table, as data, is in
 * conformance/client/sync-state.json, where every client's machine is checked against it; what the states mean is in
 * clients/SPEC.md.
 */
import type { SyncStateName } from "../model.js";

export type SyncEvent =
  /** The application wants to be online, or not. */
  | "go-online"
  | "go-offline"
  /** The first answer of the gateway in this session. */
  | "connected"
  /** Everything that is open was read up to the head of the log. */
  | "caught-up"
  /** Something was opened that must be read first. */
  | "behind"
  /** No answer, a cut one, or a refusal that passes. */
  | "connection-lost"
  /** The time to wait is over. */
  | "retry-due"
  /** The device says that its network is back. */
  | "network-back"
  /** The gateway does not let this identity in. */
  | "auth-refused"
  /** The application did something about it: signed in, redeemed an invitation. */
  | "authorized"
  /** The gateway does not speak with a client of this version. */
  | "version-refused"
  | "close";

/** What goes on in a state: a session with the gateway, a wait that ends by itself, or nothing. */
export type Activity = "session" | "wait" | "rest";

/** Where an event leads from a state; one that is not named changes nothing, and `close` closes everywhere. */
type Moves = Partial<Readonly<Record<SyncEvent, SyncStateName>>>;

const IN_SESSION = {
  "go-offline": "offline",
  "connection-lost": "backing-off",
  "auth-refused": "needs-auth",
  "version-refused": "upgrade-required",
} as const;

const AT_REST = { "go-offline": "offline", "go-online": "connecting", authorized: "connecting" } as const;

const MOVES: Readonly<Record<SyncStateName, Moves>> = {
  offline: { "go-online": "connecting" },
  connecting: { ...IN_SESSION, connected: "catching-up", "caught-up": "live" },
  "catching-up": { ...IN_SESSION, "caught-up": "live" },
  live: { ...IN_SESSION, behind: "catching-up" },
  "backing-off": { ...AT_REST, "retry-due": "connecting", "network-back": "connecting" },
  "needs-auth": AT_REST,
  "upgrade-required": {},
  closed: {},
};

export function activityIn(state: SyncStateName): Activity {
  if ("connection-lost" in MOVES[state]) return "session";
  return state === "backing-off" ? "wait" : "rest";
}

export function transition(state: SyncStateName, event: SyncEvent): SyncStateName {
  return event === "close" ? "closed" : (MOVES[state][event] ?? state);
}
