import { whenAborted } from "./abort.js";

/**
 * The client's only way to time and chance. Tests and the simulation put their own in its place.
 */
export interface Clock {
  /** This device's wall clock, milliseconds since 1970. Decides nothing; shown as ages, kept as times. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when that is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        release();
        resolve();
      }, ms);
      const release = whenAborted(signal, () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      });
    });
  },
};

/** A random UUID (version 4) made of `random`, so that a seeded world names its appends the same every time. */
export function uuidOf(random: Random): string {
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[4xy]/g, place => {
    const digit = Math.floor(random() * 16);
    if (place === "4") return place;
    return (place === "y" ? (digit & 3) | 8 : digit).toString(16);
  });
}
