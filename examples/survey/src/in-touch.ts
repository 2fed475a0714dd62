/**
 * When this page last had the log before it, and whether it can do without: for somebody who is about to leave for
 * days. The client says how things are now; the time is kept here, and may go with a device whose power goes.
 */
import type { Celeriant } from "celeriant";
import { now } from "./clock.js";
import { element } from "../../shared/src/elements.js";
import { when } from "../../shared/src/nodes.js";

const KEY = "celeriant-survey-in-touch";
const EVERY_MS = 15_000;

export class InTouch {
  private opensAlone = false;

  constructor(private readonly app: Celeriant) {
    setInterval(() => this.show(), EVERY_MS);
    void navigator.serviceWorker?.ready.then(() => {
      this.opensAlone = true;
      this.show();
    });
  }

  show(): void {
    const { state, persistent, oldestPendingAt, localPosition } = this.app.status;
    const isLive = state === "live";
    if (isLive) localStorage.setItem(KEY, now());
    const last = when(localStorage.getItem(KEY) ?? undefined);
    const never = localPosition > 0 ? "In touch before." : "Not in touch yet.";
    const lines = [
      isLive ? "In touch with the log." : last === "" ? never : `Last in touch ${last}.`,
      ...(oldestPendingAt === undefined ? [] : [`Changes wait since ${when(oldestPendingAt)}.`]),
      this.opensAlone ? "Opens without a network." : "Not kept on the device yet.",
      ...(persistent === false && oldestPendingAt !== undefined
        ? ["This browser may clear what is kept here: send it soon."]
        : []),
    ];
    const line = element("in-touch");
    line.textContent = lines.join(" ");
    line.dataset["ready"] = String(this.opensAlone);
  }
}
