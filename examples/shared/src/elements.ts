/** The parts of a page that every example has. Text only: nothing that comes from the log is ever read as HTML. */
import type { Celeriant, Status } from "celeriant";
import { rememberOffline } from "./offline-choice.js";
import { statusText } from "./status-text.js";

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

/** The switch that keeps a page offline though there is a network. */
export function offlineSwitch(app: Celeriant, offline: boolean): void {
  const box = element<HTMLInputElement>("offline");
  box.checked = offline;
  box.addEventListener("change", () => {
    rememberOffline(box.checked);
    if (box.checked) app.goOffline();
    else app.goOnline();
  });
}

export function showFailure(error: unknown): void {
  const failure = element("failure");
  failure.hidden = false;
  failure.textContent = error instanceof Error ? error.message : String(error);
}
