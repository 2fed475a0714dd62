/** Whether the person wants this page to be offline. The choice outlives the page, like the drawing. */

const KEY = "celeriant-canvas-offline";

export function wantsOffline(): boolean {
  return localStorage.getItem(KEY) === "yes";
}

export function rememberOffline(offline: boolean): void {
  if (offline) localStorage.setItem(KEY, "yes");
  else localStorage.removeItem(KEY);
}
