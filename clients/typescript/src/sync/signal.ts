/** A bell: those who wait are woken, those who listen are called, with what it carries, if anything. */
export class Signal<T = void> {
  private readonly listeners = new Set<(told: T) => void>();

  tell(told: T): void {
    for (const listener of [...this.listeners]) listener(told);
  }

  listen(listener: (told: T) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Resolves once `condition` holds, looking now and whenever the bell rings; rejects when the signal is aborted. */
  until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      if (condition()) {
        resolve();
        return;
      }
      const stop = this.listen(() => {
        if (!condition()) return;
        end();
        resolve();
      });
      const abort = () => {
        end();
        reject(signal?.reason as Error);
      };
      const end = () => {
        stop();
        signal?.removeEventListener("abort", abort);
      };
      signal?.addEventListener("abort", abort, { once: true });
    });
  }
}
