/** What the status line says, in words for a person. Pure. */
import type { Status } from "celeriant";

/** How the dot beside it looks. */
export type Mood = "good" | "working" | "away" | "trouble";

export interface StatusText {
  readonly mood: Mood;
  readonly state: string;
  readonly detail: string;
}

export function statusText(status: Status): StatusText {
  const waiting = count(status.pending, "change", "changes");
  switch (status.state) {
    case "live":
      if (status.pending === 0 && status.rejected > 0) {
        return {
          mood: "trouble",
          state: "Live",
          detail: `${count(status.rejected, "change was", "changes were")} refused`,
        };
      }
      return status.pending === 0
        ? { mood: "good", state: "Live", detail: "everything is in the log" }
        : { mood: "working", state: "Live", detail: `${waiting} on the way` };
    case "offline":
      return { mood: "away", state: "Offline", detail: status.pending === 0 ? "nothing waits" : kept(waiting) };
    case "connecting":
    case "catching-up":
      return { mood: "working", state: "Connecting", detail: status.pending === 0 ? "" : `${waiting} to send` };
    case "backing-off":
      return { mood: "away", state: "No connection", detail: status.pending === 0 ? "" : kept(waiting) };
    case "needs-auth":
      return { mood: "trouble", state: "Not let in", detail: status.pending === 0 ? "" : kept(waiting) };
    case "upgrade-required":
      return { mood: "trouble", state: "Page too old", detail: "reload it; nothing is lost" };
    case "closed":
      return { mood: "away", state: "Closed", detail: "" };
  }
}

function kept(waiting: string): string {
  return `${waiting} kept here`;
}

export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
