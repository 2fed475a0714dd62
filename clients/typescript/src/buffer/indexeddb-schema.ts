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
 * Versions: 1, the first, with a row for every append and every register. 2, pages of them, which cost a fraction. 3,
 * pages of registers whose keys are known without reading the rest. 4, none but those. What is pending and kept in 1 is
 * read as it is, a page of one; of all of them, what can be read again from the log is.
 */
import { limit, orAborted } from "../abort.js";
import type { Clock } from "../clock.js";
import { UPGRADE_WAIT_MS } from "../limits.js";
import { BufferFormatError, BufferWriteError } from "./local-buffer.js";

const VERSION = 4;

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
      else if (oldVersion < VERSION) forget(request.transaction!);
    };
    const late = () => new Error("an older page has it: close it");
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

/** What earlier versions kept of the log in their own ways. */
function forget(transaction: IDBTransaction): void {
  for (const name of READ) transaction.objectStore(name).clear();
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

/** Takes back what is under way on this page, each its own. */
const running = new Set<() => void>();
/** Resolves when this page, which was put away, is shown again. */
let back: Promise<unknown> | undefined;

/**
 * The browser puts this page into its back/forward cache. A transaction that is under way would hold up those of all
 * others until the page is shown again (WebKit), or cost it its place in the cache (Chromium): it is taken back, and
 * made anew when the page is back.
 */
globalThis.addEventListener?.("pagehide", () => {
  back = new Promise(resolve => addEventListener("pageshow", resolve, { once: true }));
  for (const takeBack of running) {
    try {
      takeBack();
    } catch {
      // It ends without the page, or was taken back already, and will be told so.
    }
  }
});

/**
 * One transaction: `work` issues its requests, once more when it was taken back, and this resolves when all of it is in
 * the store, on the disk if it is strict. Anything that fails takes all of it back.
 */
export async function transact<T>(
  database: IDBDatabase,
  stores: readonly StoreName[],
  mode: "strict" | "relaxed" | "readonly",
  work: (store: (name: StoreName) => IDBObjectStore) => Promise<T>,
): Promise<T> {
  await back;
  let takeBack!: () => void;
  return new Promise<T>((resolve, reject) => {
    const transaction =
      mode === "readonly"
        ? database.transaction(stores)
        : database.transaction(stores, "readwrite", { durability: mode });
    takeBack = () => {
      transaction.abort();
      resolve(transact(database, stores, mode, work));
    };
    running.add(takeBack);
    const done = work(name => transaction.objectStore(name));
    // Not by an explicit `commit()`: Firefox keeps the other rows when one fails behind it.
    transaction.oncomplete = () => resolve(done);
    done
      .catch((error: unknown) => {
        reject(error as Error);
        transaction.abort();
      })
      // It has ended already: how, it says itself.
      .catch(() => undefined);
    transaction.onerror = transaction.onabort = ({ target }) => reject((target as IDBRequest).error as Error);
  })
    .catch((error: unknown) => {
      throw error instanceof DOMException
        ? new BufferWriteError(REASONS[error.name] ?? error.message, { cause: error })
        : error;
    })
    .finally(() => running.delete(takeBack));
}

const REASONS: Readonly<Record<string, string>> = {
  QuotaExceededError: "the browser's storage is full",
  InvalidStateError: "a newer page has it, or the browser removed it: reload",
};
