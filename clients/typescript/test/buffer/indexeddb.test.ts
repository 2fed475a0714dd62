import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { indexedDbBuffer } from "../../src/buffer/indexeddb.js";
import { BufferFormatError } from "../../src/buffer/local-buffer.js";
import { webCryptoKeys } from "../../src/protocol/device-key.js";
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
