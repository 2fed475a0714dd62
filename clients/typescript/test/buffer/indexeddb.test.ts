import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory, IDBKeyRange, IDBObjectStore } from "fake-indexeddb";
import { indexedDbBuffer } from "../../src/buffer/indexeddb.js";
import { BufferFormatError } from "../../src/buffer/local-buffer.js";
import { pageText } from "../../src/buffer/register-page.js";
import { webCryptoKeys } from "../../src/protocol/device-key.js";
import { UPGRADE_WAIT_MS } from "../../src/limits.js";
import { clientOf, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { TestClock } from "../support/test-clock.js";
import { bufferContract } from "./contract.js";

globalThis.IDBKeyRange = IDBKeyRange;

bufferContract("IndexedDB buffer", {
  create: () => {
    const factory = new IDBFactory();
    const reopen = () => indexedDbBuffer("celeriant-demo", factory);
    return Promise.resolve({ buffer: reopen(), reopen });
  },
});

test("two tabs that open a new buffer at once have one identity", async () => {
  const factory = new IDBFactory();
  const tabs = [indexedDbBuffer("b", factory), indexedDbBuffer("b", factory)];
  const contents = await Promise.all(tabs.map(tab => tab.open(() => webCryptoKeys.create(tab.keyForm))));
  assert.equal(contents[0]?.identity.clientId, contents[1]?.identity.clientId);
  for (const tab of tabs) await tab.close();
});

test("two tabs that append at once get numbers of their own", async () => {
  const factory = new IDBFactory();
  const tabs = [indexedDbBuffer("b", factory), indexedDbBuffer("b", factory)];
  for (const tab of tabs) await tab.open(() => webCryptoKeys.create(tab.keyForm));
  const events = [{ aggregate: "a/b", type: "t", data: 1 }];
  const numbered = await Promise.all(
    Array.from({ length: 20 }, (_, n) => tabs[n % 2]!.append([{ id: `a${n}`, events, createdAt: 0 }])),
  );
  const sequences = numbered
    .flat()
    .map(append => append.sequence)
    .sort((one, other) => one - other);
  assert.deepEqual(
    sequences,
    Array.from({ length: 20 }, (_, n) => n + 1),
  );
  for (const tab of tabs) await tab.close();
});

test("the key of a browser's buffer cannot be extracted", async () => {
  const buffer = indexedDbBuffer("b", new IDBFactory());
  const { identity } = await buffer.open(() => webCryptoKeys.create(buffer.keyForm));
  await assert.rejects(crypto.subtle.exportKey("jwk", identity.privateKey as CryptoKey));
  await buffer.close();
});

test("a database of a newer client is refused and left as it is", async () => {
  const factory = new IDBFactory();
  await new Promise(resolve => {
    const request = factory.open("b", 99);
    request.onsuccess = () => {
      request.result.close();
      resolve(undefined);
    };
  });
  const buffer = indexedDbBuffer("b", factory);
  await assert.rejects(
    buffer.open(() => webCryptoKeys.create("handle")),
    BufferFormatError,
  );
});

const IDENTITY = { clientId: "c", privateKey: {}, publicJwk: {} };

/** A database as an earlier version left it: 1 had a row for every append and every register. */
async function ofVersion(version: 1 | 2 | 3, factory: IDBFactory): Promise<void> {
  const stores = ["meta", "pending", "rejected", "aggregates", "registers", "history"];
  await new Promise<void>(resolve => {
    const request = factory.open("b", version);
    request.onupgradeneeded = () => {
      for (const name of stores) request.result.createObjectStore(name);
      request.result.createObjectStore("kept").createIndex("landed", "landed");
      const put = (store: string, value: unknown, key: IDBValidKey) =>
        request.transaction!.objectStore(store).put(value, key);
      put("meta", IDENTITY, "identity");
      put("meta", { next: 4, settled: { sequence: 1, id: "a1" } }, "numbers");
      put("meta", { position: 7 }, "cursor");
      put("meta", ["a/b"], "follows");
      const [second, third] = [2, 3].map(sequence => ({ sequence, id: `a${sequence}`, events: [], createdAt: 0 }));
      if (version === 1) for (const append of [second, third]) put("pending", append, append!.sequence);
      else put("pending", [second, third], 3);
      put("aggregates", { version: 1, position: 7, historyAfter: 0 }, "a/b");
      put("history", { aggregate: "a/b", type: "t", data: 1, client: "c", version: 1, position: 7 }, ["a/b", 1]);
      const register = { data: 1, type: "t", client: "c", version: 1, position: 7 };
      const rows = [register, JSON.stringify([["k", register]]), pageText([["k", register]])];
      put("registers", rows[version - 1], ["a/b", version === 1 ? "k" : 0]);
      const confirmation = { positions: [3, 3], versions: {} };
      const settled = { sequence: 1, id: "a1", client: "c", events: [], confirmation, settledAt: 4 };
      put("kept", { ...(version === 1 ? settled : { appends: [settled] }), landed: 3 }, ["c", 1]);
    };
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
  });
}

for (const version of [1, 2, 3] as const) {
  test(`of version ${version}, what is pending and kept still is; what the log can give is read again`, async () => {
    const factory = new IDBFactory();
    await ofVersion(version, factory);
    const buffer = indexedDbBuffer("b", factory);
    const contents = await buffer.open(() => Promise.reject(new Error("a known identity was made again")));
    assert.equal(contents.identity.clientId, "c");
    assert.deepEqual(
      contents.pending.map(append => append.sequence),
      [2, 3],
    );
    assert.deepEqual(contents.follows, []);
    assert.equal(await buffer.loadAggregate("a/b"), undefined);
    assert.deepEqual(await buffer.loadHistory("a/b", 0, 10), []);
    const settled = (await buffer.loadKept(0)).map(append => append.id);
    assert.deepEqual(settled, ["a1"]);
    await buffer.pruneKept(5);
    assert.deepEqual(await buffer.loadKept(0), []);
    await buffer.giveUp(2, { code: "too-large", status: 413 });
    await buffer.append([{ id: "a4", events: [], createdAt: 0 }]);
    const { pending } = await buffer.contents();
    assert.deepEqual(
      pending.map(({ sequence, givenUp }) => [sequence, givenUp?.code]),
      [
        [2, "too-large"],
        [3, undefined],
        [4, undefined],
      ],
    );
    await buffer.close();
  });
}

async function databaseOf(factory: IDBFactory): Promise<IDBDatabase> {
  return await new Promise<IDBDatabase>(resolve => {
    const request = factory.open("b");
    request.onsuccess = () => resolve(request.result);
  });
}

async function rowsOf(factory: IDBFactory, store: string): Promise<number> {
  const database = await databaseOf(factory);
  const count = await new Promise<number>(resolve => {
    const request = database.transaction([store], "readonly").objectStore(store).count();
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return count;
}

test("registers that come as a whole lie in pages, and what comes one by one on top of them", async () => {
  const factory = new IDBFactory();
  const buffer = indexedDbBuffer("b", factory);
  await buffer.open(() => webCryptoKeys.create("handle"));
  const register = (data: number) => ({ data, type: "t", client: "c", version: data, position: data });
  const many = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, place) => [`k${from + place}`, register(from + place)] as const);
  const change = { aggregate: "a/b", version: 1, position: 1, history: [] };
  await buffer.confirm({ aggregates: [{ ...change, resetRegisters: true, registers: many(0, 2_500) }] });
  assert.equal(await rowsOf(factory, "registers"), 3);
  await buffer.confirm({
    aggregates: [
      {
        ...change,
        registers: [
          ["k0", null],
          ["k1", register(10_000)],
          ["k2", null],
        ],
      },
    ],
  });
  await buffer.confirm({ aggregates: [{ ...change, registers: [["k2", register(7)]] }] });
  const { registers } = (await buffer.loadAggregate("a/b"))!;
  assert.equal(registers.size, 2_499);
  assert.deepEqual([registers.has("k0"), registers.get("k1")?.data, registers.get("k2")?.data], [false, 10_000, 7]);
  assert.equal(await rowsOf(factory, "registers"), 6);
  const whole = [...registers];
  await buffer.confirm({ aggregates: [{ ...change, resetRegisters: true, registers: whole }] });
  assert.equal(await rowsOf(factory, "registers"), 3);
  assert.deepEqual([...(await buffer.loadAggregate("a/b"))!.registers], whole);
  await buffer.confirm({ aggregates: [{ ...change, registers: [], forget: true }] });
  assert.equal(await rowsOf(factory, "registers"), 0);
  await buffer.close();
});

test("the browser is asked to keep the storage unless it does, and the status says what it answered", async () => {
  for (const [kept, granted] of [
    [true, undefined],
    [false, true],
    [false, false],
  ] as const) {
    let asked = 0;
    const persist = () => Promise.resolve(++asked > 0 && granted);
    const storage = { persisted: () => Promise.resolve(kept), persist };
    Object.defineProperty(globalThis, "navigator", { value: { storage }, configurable: true });
    const options = { buffer: indexedDbBuffer("b", new IDBFactory()), online: false };
    const { app } = await clientOf(new ModelGateway(), options);
    await patiently(() => app.status.persistent !== undefined);
    assert.deepEqual([app.status.persistent, asked], [kept || granted, kept ? 0 : 1]);
    await app.close();
  }
});

test("why the store refused a row is told, where the transaction itself does not know", async () => {
  const buffer = indexedDbBuffer("b", new IDBFactory());
  await buffer.open(() => webCryptoKeys.create(buffer.keyForm));
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
    // As WebKit has it: https://www.w3.org/TR/IndexedDB/#abort-transaction sets the error.
    Object.defineProperty(this.transaction, "error", { get: () => null, set: () => undefined, configurable: true });
    this.add(value, key);
    return this.add(value, key);
  };
  const { app } = await clientOf(new ModelGateway(), { buffer, online: false });
  const { local } = app.append({ aggregate: "a/b", type: "t", data: 1 });
  await assert.rejects(local, (error: Error) => {
    assert.equal(error.name, "BufferWriteError");
    assert.equal((error.cause as Error).name, "ConstraintError");
    return true;
  });
  IDBObjectStore.prototype.put = put;
  await app.append({ aggregate: "a/b", type: "t", data: 1 }).local;
  await app.close();
});

test("an older page gives way to an upgrade: what it had begun is stored, and it says why", async () => {
  const factory = new IDBFactory();
  const older = indexedDbBuffer("b", factory);
  await older.open(() => webCryptoKeys.create(older.keyForm));
  const draft = (id: string) => ({ id, events: [{ aggregate: "a/b", type: "t", data: 1 }], createdAt: 0 });
  const stored = [await older.append([draft("a1")]), await older.append([draft("a2")])];
  const begun = older.append([draft("a3")]);
  const upgraded = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = factory.open("b", 99);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as Error);
  });
  stored.push(await begun);
  await assert.rejects(older.append([draft("a4")]), /BufferWriteError: a newer page has it, or the browser removed it/);
  const pages = await new Promise<unknown[]>(resolve => {
    const request = upgraded.transaction("pending").objectStore("pending").getAll();
    request.onsuccess = () => resolve(request.result);
  });
  assert.deepEqual(pages, stored);
  upgraded.close();
});

test("a browser that refuses a database at once is told as one that gives no storage", async () => {
  const refusing = new IDBFactory();
  refusing.open = () => {
    throw new DOMException("not in this page", "SecurityError");
  };
  const buffer = indexedDbBuffer("b", refusing);
  const opening = buffer.open(() => webCryptoKeys.create(buffer.keyForm));
  await assert.rejects(opening, /BufferWriteError: b: no storage: not in this page/);
});

test("a newer page waits for what an older one is still storing, and has it", async () => {
  const factory = new IDBFactory();
  const busy = await new Promise<IDBDatabase>(resolve => {
    const request = factory.open("b", 2);
    request.onupgradeneeded = () => {
      for (const name of ["meta", "pending", "rejected", "aggregates", "registers", "history"])
        request.result.createObjectStore(name);
      request.result.createObjectStore("kept").createIndex("landed", "landed");
    };
    request.onsuccess = () => resolve(request.result);
  });
  let asked = false;
  busy.onversionchange = () => {
    asked = true;
    // It gives way, once what it is storing is stored.
    setTimeout(() => {
      const last = busy.transaction("meta", "readwrite");
      last.objectStore("meta").put(IDENTITY, "identity");
      last.oncomplete = () => busy.close();
    }, 50);
  };
  const clock = new TestClock();
  const newer = indexedDbBuffer("b", factory, clock);
  const { identity } = await newer.open(() => Promise.reject(new Error("there is one")));
  assert.equal(asked, true);
  assert.equal(identity.clientId, "c");
  assert.equal(clock.sleeping, 0);
  clock.advance(UPGRADE_WAIT_MS);
  await newer.append([{ id: "a1", events: [], createdAt: 0 }]);
  await newer.close();
});

test("an open that an older page held up holds nothing itself when that page is gone", async () => {
  const factory = new IDBFactory();
  const older = await new Promise<IDBDatabase>(resolve => {
    const request = factory.open("b", 2);
    request.onsuccess = () => resolve(request.result);
  });
  const clock = new TestClock();
  const buffer = indexedDbBuffer("b", factory, clock);
  const opening = buffer.open(() => webCryptoKeys.create(buffer.keyForm));
  opening.catch(() => undefined);
  await patiently(() => clock.sleeping === 1);
  clock.advance(UPGRADE_WAIT_MS);
  await assert.rejects(opening, /BufferWriteError: b: no storage: an older page has it: close it/);
  older.close();
  // Opens come one after the other: this one behind that which was held up.
  await new Promise<void>(resolve => {
    const next = factory.open("b");
    next.onsuccess = () => {
      next.result.close();
      resolve();
    };
  });
  await new Promise<void>((resolve, reject) => {
    const removal = factory.deleteDatabase("b");
    removal.onsuccess = () => resolve();
    removal.onblocked = () => reject(new Error("still held"));
  });
});
