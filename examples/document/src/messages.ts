/** What a replay and its players say to each other, one JSON text a line over the player's standard streams. */

/** Who a player is, and where the log is. */
export interface PersonStart {
  /** Which of the trace's people it is. */
  readonly person: number;
  readonly url: string;
  /** Where connections for `url` really go, if not there. */
  readonly through?: string;
  readonly org: string;
  readonly aggregate: string;
}

/** How a player is started: its only argument, as JSON. */
export interface PlayerStart extends PersonStart {
  /** The trace's file. */
  readonly trace: string;
  /** The file of the local buffer; of a player in a browser: the folder of its profile. */
  readonly buffer: string;
  /** The folder with everybody's updates, where they were worked out beforehand (`prepared.ts`). */
  readonly prepared?: string;
  /** The jar of the player in Java, if that client plays this person; it takes only what is prepared. */
  readonly java?: string;
  /** The page in which a browser plays this person. */
  readonly page?: string;
}

export type Command =
  /** Whose appends are whose: the client ids of all people, in order. Comes once, first; it is not answered. */
  | { readonly do: "begin"; readonly clients: readonly string[] }
  /** Take the next steps, at most so many and as far as their ancestors are here; answered by `typed`. */
  | { readonly do: "type"; readonly steps: number; readonly offline: boolean }
  /** Go online, push all, and read until there is a next step, or nothing any more; answered by `synced`. */
  | { readonly do: "sync" };

/** A player's own numbers: steps that it has taken, and appends in its buffer that nobody has confirmed. */
export interface Standing {
  readonly taken: number;
  readonly pending: number;
}

export type Report =
  /** Started, offline. `recorded` appends are in the client's own record, those that are pending included. */
  | { readonly is: "ready"; readonly client: string; readonly recorded: number; readonly pending: number }
  /** All steps taken are durable in the local buffer. */
  | ({ readonly is: "typed" } & Standing)
  /** Nothing is pending. `content` comes when every update of everybody is in it. */
  | ({ readonly is: "synced"; readonly content?: string } & Standing)
  /** For somebody who watches. */
  | ({ readonly is: "progress" } & Standing);
