/** Whether the person wants this page, by its address, to be offline. The choice outlives it, like the appends. */

const KEY = `celeriant-offline${location.pathname}`;

export function wantsOffline(): boolean {
  return localStorage.getItem(KEY) === "yes";
}

export function rememberOffline(offline: boolean): void {
  if (offline) localStorage.setItem(KEY, "yes");
  else localStorage.removeItem(KEY);
}
