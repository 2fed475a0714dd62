/**
 * `AbortController` as the client uses it, in the place of Node's in simulated worlds: they make hundreds of thousands,
 * and a listener of Node's that a signal is to take away is kept for ever when the process that would abort that signal
 * has crashed, with its whole world.
 */
type Listener = () => void;
type Options = { readonly signal?: Signal };

class Signal {
  aborted = false;
  reason: unknown;
  private readonly listeners = new Set<Listener>();

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_abort: string, listener: Listener, { signal }: Options = {}): void {
    if (this.aborted || signal?.aborted) return;
    this.listeners.add(listener);
    signal?.addEventListener("abort", () => this.removeEventListener("abort", listener));
  }

  removeEventListener(_abort: string, listener: Listener): void {
    this.listeners.delete(listener);
  }

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }
}

class Controller {
  readonly signal = new Signal();

  abort(reason: unknown = new Error("aborted")): void {
    this.signal.abort(reason);
  }
}

globalThis.AbortController = Controller as unknown as typeof AbortController;
