/** A clock for tests: time stands still until the test moves it on. */
import type { Clock } from "../../src/clock.js";

interface Sleeper {
  until: number;
  readonly wake: () => void;
}

export class TestClock implements Clock {
  private time = Date.parse("2026-01-01T00:00:00Z");
  private readonly sleepers = new Set<Sleeper>();

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      if (ms <= 0) {
        resolve();
        return;
      }
      const abort = () => {
        this.sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper = {
        until: this.time + ms,
        wake: () => {
          this.sleepers.delete(sleeper);
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      this.sleepers.add(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  get sleeping(): number {
    return this.sleepers.size;
  }

  /** As somebody sets the device's clock: who sleeps does so for as long as before. */
  isPutBack(ms: number): void {
    this.time -= ms;
    for (const sleeper of this.sleepers) sleeper.until -= ms;
  }

  /** Moves the time on and wakes whoever waited for that, the earliest first. */
  advance(ms: number): void {
    this.time += ms;
    const due = [...this.sleepers].filter(sleeper => sleeper.until <= this.time);
    due.sort((one, other) => one.until - other.until).forEach(sleeper => sleeper.wake());
  }
}
