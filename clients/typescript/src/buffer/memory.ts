/** A buffer that keeps nothing beyond its own life: for tests, and for readers that never append. */
import type { LocalBuffer } from "./local-buffer.js";
import { JournaledBuffer, type Journal } from "./journaled-buffer.js";

const NOWHERE: Journal = {
  open: () => Promise.resolve(),
  write: () => Promise.resolve(),
  compact: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** A buffer that is gone with the process: for tests, and for readers that never append. */
export function memoryBuffer(): LocalBuffer {
  return new JournaledBuffer(NOWHERE);
}
