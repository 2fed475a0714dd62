import type { PlayerStart, Report, Standing } from "../messages.js";
import { PagePlayer } from "./page-player.js";
import { PlayerProcess } from "./player-process.js";

export type ReportOf<K extends Report["is"]> = Extract<Report, { is: K }>;

/** A player as seen from the replay: one question at a time, each with its answer. */
export interface Player {
  readonly ready: ReportOf<"ready">;
  begin(clients: readonly string[]): void;
  type(steps: number, offline: boolean): Promise<ReportOf<"typed">>;
  sync(): Promise<ReportOf<"synced">>;
  /** Ends it at once, whatever it does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export function startPlayer(start: PlayerStart, progress: (standing: Standing) => void): Promise<Player> {
  return (start.page === undefined ? PlayerProcess : PagePlayer).start(start, progress);
}
