/** What this device makes up by itself: the time, and names that nobody else has. */

export function now(): string {
  return new Date().toISOString();
}

export function newId(): string {
  return crypto.randomUUID();
}
