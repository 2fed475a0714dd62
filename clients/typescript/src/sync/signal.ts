import { whenAborted } from "../abort.js";

/** A bell: those who wait are woken, those who listen are called, with what it carries, if anything. */
export class Signal<T = void> {
  private readonly listeners = new Set<(told: T) => void>();

  tell(told: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(told);
      } catch (error) {
        // It is the application's: the others are told all the same, and what went on here goes on.
        console.error(error);
      }
    }
  }

  hear(listener: (told: T) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Resolves once `condition` holds, looking now and whenever the bell rings; rejects when the signal is aborted. */
  until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!condition()) return;
        stop();
        release();
        resolve();
      };
      const stop = this.hear(look);
      const release = whenAborted(signal, () => {
        stop();
        reject(signal?.reason as Error);
      });
      look();
    });
  }
}
