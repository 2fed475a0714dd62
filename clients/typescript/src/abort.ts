/** Signals that follow one another: a part of some work ends with the whole, and may end before. */

/** A controller that is aborted with the one that `signal` belongs to, until it is released. */
export interface Tied extends AbortController {
  release(): void;
}

export function tiedTo(signal: AbortSignal | undefined): Tied {
  const own = new AbortController() as Tied;
  const stop = () => own.abort(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  own.release = () => signal?.removeEventListener("abort", stop);
  return own;
}
