/** How long to wait before the next try: doubling, bounded, and spread, so that clients do not come back at once. */
import type { Random } from "../clock.js";
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, RETRY_AFTER_MAX_MS } from "../limits.js";

export class Backoff {
  private failures = 0;

  constructor(private readonly random: Random) {}

  /** The wait after one more failure; never shorter than what the gateway asked for, up to an hour. */
  next(askedForMs = 0): number {
    const longest = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** this.failures++);
    return Math.max(Math.min(askedForMs, RETRY_AFTER_MAX_MS), longest * (0.5 + this.random() / 2));
  }

  reset(): void {
    this.failures = 0;
  }
}
