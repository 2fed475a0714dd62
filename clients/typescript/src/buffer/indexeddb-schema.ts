/**
 * The object stores of the browser's buffer, all in one database, and the few steps on them as promises.
 *
 *   meta        key: name                   identity, numbers, cursor, follows, term
 *   pending     key: last sequence          PendingAppend[], at most APPENDS_PER_PAGE; settled ones do not count
 *   rejected    key: id                     RejectedAppend
 *   kept        key: [client, last sequence]  KeptPage; index "landed" over its last position
 *   aggregates  key: aggregate              version, position, historyAfter, tail
 *   registers   key: [aggregate, page]      a page of registers (register-page.ts), at most REGISTERS_PER_PAGE
 *               key: [aggregate, key]       the same of this key alone, on top of the pages; null: cleared
 *   history     key: [aggregate, version]   RecordedEvent; [aggregate, "snapshot"]: Snapshot
 *
 * Versions: 1, the first, with a row for every append and every register. 2, pages of them, which cost a fraction; what
 * is pending and kept in 1 is read as it is, a page of one, and what can be read again from the log is. 3, pages whose
 * keys are known without reading the rest; those of 2 are read as they are.
 */
import { limit, orAborted } from "../abort.js";
import type { Clock } from "../clock.js";
import { UPGRADE_WAIT_MS } from "../limits.js";
import { BufferFormatError, BufferWriteError } from "./local-buffer.js";

const VERSION = 3;

/** What can be read again from the log. */
export const READ = ["aggregates", "registers", "history"] as const;

export type StoreName = "meta" | "pending" | "rejected" | "kept" | "aggregates" | "registers" | "history";

/**
 * A page gives its database up when a newer one wants to upgrade it, or when it is removed. One that opens after the
 * wait for an older page was over is closed again: held open for nobody, it would hold up others in its turn.
 */
export async function openDatabase(factory: IDBFactory, name: string, clock: Clock): Promise<IDBDatabase> {
  let inTime = () => {};
  try {
    const cut = new AbortController();
    const request = factory.open(name, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion === 0) create(request.result);
      if (oldVersion === 1) forget(request.transaction!);
    };
    const late = () => new Error("an older page has it: close that");
    request.onblocked = () => (inTime = limit(cut, clock, UPGRADE_WAIT_MS, late));
    const database = await orAborted(
      () => answer(request),
      cut.signal,
      opened => opened.close(),
    );
    database.onversionchange = () => database.close();
    return database;
  } catch (error) {
    throw openError(name, error as Error);
  } finally {
    inTime();
  }
}

function create(database: IDBDatabase): void {
  for (const name of ["meta", "pending", "rejected", ...READ] as const) database.createObjectStore(name);
  database.createObjectStore("kept").createIndex("landed", "landed");
}

/** What version 1 kept of the log in its own way. */
function forget(transaction: IDBTransaction): void {
  for (const name of ["aggregates", "registers"]) transaction.objectStore(name).clear();
  transaction.objectStore("meta").delete("follows");
}

function openError(name: string, cause: Error): Error {
  if (cause.name === "VersionError") {
    return new BufferFormatError(`${name}: a newer client wrote it`, { cause });
  }
  return new BufferWriteError(`${name}: no storage: ${cause.message}`, { cause });
}

/** The answer to one request. */
export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as Error);
  });
}

/**
 * One transaction: `work` issues its requests, and this resolves when all of it is in the store, on the disk if it is
 * strict. Anything that fails takes all of it back.
 */
export function transact<T>(
  database: IDBDatabase,
  stores: readonly StoreName[],
  mode: "strict" | "relaxed" | "readonly",
  work: (store: (name: StoreName) => IDBObjectStore) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const transaction =
      mode === "readonly"
        ? database.transaction(stores)
        : database.transaction(stores, "readwrite", { durability: mode });
    let complete = () => reject(new Error("the transaction ended early"));
    let failure: unknown;
    work(name => transaction.objectStore(name)).then(
      value => {
        complete = () => resolve(value);
      },
      (error: unknown) => {
        failure = error;
        try {
          transaction.abort();
        } catch {
          // It had ended already: the answer is the failure all the same.
          reject(error as Error);
        }
      },
    );
    transaction.oncomplete = () => complete();
    transaction.onabort = () => reject((failure ?? transaction.error) as Error);
  }).catch((error: unknown) => {
    throw error instanceof DOMException
      ? new BufferWriteError(REASONS[error.name] ?? error.message, { cause: error })
      : error;
  });
}

const REASONS: Readonly<Record<string, string>> = {
  QuotaExceededError: "the browser's storage is full",
  InvalidStateError: "a newer page has it, or the browser removed it: load the page again",
};
