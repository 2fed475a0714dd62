/** Signals that follow one another: a part of some work ends with the whole, and may end before. */

/** A controller that is aborted with the one that `signal` belongs to, until it is released. */
export interface Tied extends AbortController {
  release(): void;
}

export function tiedTo(signal: AbortSignal | undefined): Tied {
  const own = new AbortController() as Tied;
  own.release = whenAborted(signal, () => own.abort(signal?.reason));
  return own;
}

/** As much of a clock as is asked here: the clock itself is made with this file, and not the other way round. */
interface Sleeper {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Aborts a controller after `ms` with what `late` makes, unless what this returns was called before. */
export function limit(cut: AbortController, clock: Sleeper, ms: number, late: () => Error): () => void {
  const timer = new AbortController();
  clock.sleep(ms, timer.signal).then(
    () => cut.abort(late()),
    () => undefined,
  );
  return () => timer.abort(null);
}

/** Calls back once the signal is aborted, at once if it is, unless what this returns was called before. */
export function whenAborted(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal?.aborted) listener();
  else signal?.addEventListener("abort", listener, { once: true });
  return () => signal?.removeEventListener("abort", listener);
}

/**
 * What the work comes to, or the signal's reason when that is aborted: before, and then nothing is begun, or meanwhile;
 * then the work itself goes on, and what it comes to is handed to `late`.
 */
export async function orAborted<T>(
  begin: () => Promise<T>,
  signal: AbortSignal | undefined,
  late?: (made: T) => unknown,
): Promise<T> {
  signal?.throwIfAborted();
  const work = begin();
  let release = () => {};
  const aborted = new Promise<never>((_, reject) => {
    release = whenAborted(signal, () => reject(signal?.reason as Error));
  });
  try {
    return await Promise.race([aborted, work]);
  } catch (error) {
    work.then(late).catch(() => undefined);
    throw error;
  } finally {
    release();
  }
}
