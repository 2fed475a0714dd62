/**
 * When the transactions that a library began are in the store, also where it tells nobody: every transaction that
 * writes is counted until it is complete. `strict` makes all of them strict, whatever the library asks for.
 */
let writing = 0;
let waiting = [];

export function watchIndexedDb({ strict = false } = {}) {
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const writes = mode === "readwrite";
    const transaction = begin.call(
      this,
      stores,
      mode,
      writes && strict ? { ...options, durability: "strict" } : options,
    );
    if (writes) count(transaction);
    return transaction;
  };
}

function count(transaction) {
  writing++;
  const ended = () => {
    if (--writing > 0) return;
    const resolved = waiting;
    waiting = [];
    resolved.forEach(resolve => resolve());
  };
  transaction.addEventListener("complete", ended);
  transaction.addEventListener("abort", ended);
}

/** Resolves when nothing is being written. */
export function allWritten() {
  return writing === 0 ? Promise.resolve() : new Promise(resolve => waiting.push(resolve));
}
