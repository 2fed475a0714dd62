/** The parts of the page that show something. Text only: nothing that comes from the log is ever read as HTML. */
import type { RejectedAppend, Status } from "celeriant";
import { count, statusText } from "./status-text.js";

export function element<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as E;
}

export function showStatus(status: Status): void {
  const { mood, state, detail } = statusText(status);
  const line = element("status");
  line.dataset["mood"] = mood;
  line.dataset["state"] = status.state;
  line.dataset["pending"] = String(status.pending);
  line.title = status.reason ?? "";
  element("status-state").textContent = state;
  element("status-detail").textContent = detail;
}

/** What the log refused for good, each with its reason and a button to let it go. */
export function rejectedList(rejected: readonly RejectedAppend[], discard: (id: string) => void): void {
  const section = element("rejected");
  section.hidden = rejected.length === 0;
  element("rejected-title").textContent = `${count(rejected.length, "change was", "changes were")} refused`;
  element("rejected-list").replaceChildren(
    ...rejected.map(append => {
      const item = document.createElement("li");
      const { title, code, detail } = append.problem;
      const reason = document.createElement("span");
      reason.textContent = `${title ?? code}${detail === undefined ? "" : `: ${detail}`}`;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Let go";
      button.addEventListener("click", () => discard(append.id));
      item.append(reason, button);
      return item;
    }),
  );
}
