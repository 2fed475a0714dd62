/**
 * The object stores of the browser's buffer, all in one database, and the few steps on them as promises.
 *
 *   meta        key: name                   identity, numbers, cursor
 *   pending     key: sequence               PendingAppend
 *   rejected    key: id                     RejectedAppend
 *   kept        key: [client, sequence]     KeptAppend; index "landed" over its last position
 *   aggregates  key: aggregate              version, position, historyAfter, tail
 *   registers   key: [aggregate, key]       ConfirmedRegister
 *   history     key: [aggregate, version]   RecordedEvent; [aggregate, "snapshot"]: Snapshot
 *
 * Versions: 1, the first.
 */
import { BufferFormatError, BufferWriteError } from "./local-buffer.js";

const VERSION = 1;

type Mode = "strict" | "relaxed" | "readonly";

export type StoreName = "meta" | "pending" | "rejected" | "kept" | "aggregates" | "registers" | "history";

export async function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  let request: IDBOpenDBRequest;
  try {
    request = factory.open(name, VERSION);
  } catch (error) {
    throw openError(name, error as DOMException);
  }
  return await new Promise((resolve, reject) => {
    request.onupgradeneeded = () => create(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(openError(name, request.error));
    request.onblocked = () => reject(new BufferWriteError(`${name}: an older page holds the database open; close it`));
  });
}

function create(database: IDBDatabase): void {
  for (const name of ["meta", "pending", "rejected", "aggregates", "registers", "history"] as const) {
    database.createObjectStore(name);
  }
  database.createObjectStore("kept").createIndex("landed", "landed");
}

function openError(name: string, error: DOMException | null): Error {
  if (error?.name === "VersionError") {
    return new BufferFormatError(`${name}: written by a newer client than this one`, { cause: error });
  }
  return new BufferWriteError(`${name}: this browser gives no storage here (${error?.message ?? "no reason"})`, {
    cause: error,
  });
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
  mode: Mode,
  work: (store: (name: StoreName) => IDBObjectStore) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = begin(database, stores, mode);
    let result: { value: T } | undefined;
    let failure: unknown;
    work(name => transaction.objectStore(name)).then(
      value => {
        result = { value };
      },
      (error: unknown) => {
        failure = error;
        try {
          transaction.abort();
        } catch {
          // It had ended already: the answer is the failure all the same.
          reject(asWriteError(error));
        }
      },
    );
    transaction.oncomplete = () => {
      if (result !== undefined) resolve(result.value);
      else reject(new Error("the transaction ended before its work did"));
    };
    transaction.onabort = () => reject(asWriteError(failure ?? transaction.error));
  });
}

function begin(database: IDBDatabase, stores: readonly StoreName[], mode: Mode): IDBTransaction {
  try {
    return mode === "readonly"
      ? database.transaction(stores, "readonly")
      : database.transaction(stores, "readwrite", { durability: mode });
  } catch (cause) {
    throw new BufferWriteError("the browser removed what is stored here: load the page again", { cause });
  }
}

function asWriteError(error: unknown): Error {
  if (error instanceof DOMException) {
    const reason = error.name === "QuotaExceededError" ? "the browser's storage is full" : error.message;
    return new BufferWriteError(reason, { cause: error });
  }
  return error instanceof Error ? error : new BufferWriteError(String(error));
}
