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
  /** Most have one or two. */
  private readonly listeners: Listener[] = [];

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_abort: string, listener: Listener, { signal }: Options = {}): void {
    if (this.aborted || signal?.aborted) return;
    this.listeners.push(listener);
    signal?.addEventListener("abort", () => this.removeEventListener("abort", listener));
  }

  removeEventListener(_abort: string, listener: Listener): void {
    const place = this.listeners.indexOf(listener);
    if (place >= 0) this.listeners.splice(place, 1);
  }

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    while (this.listeners.length > 0) this.listeners.shift()!();
  }
}

class Controller {
  readonly signal = new Signal();

  abort(reason: unknown = new Error("aborted")): void {
    this.signal.abort(reason);
  }
}

globalThis.AbortController = Controller as unknown as typeof AbortController;
