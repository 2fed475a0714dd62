/** A page that the browser puts away, with transactions under way. Its events come from here: Node has none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory, IDBKeyRange, IDBDatabase as Databases } from "fake-indexeddb";
import { BufferWriteError } from "../../src/buffer/local-buffer.js";
import { webCryptoKeys } from "../../src/protocol/device-key.js";

globalThis.IDBKeyRange = IDBKeyRange;
const page = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);
const { indexedDbBuffer } = await import("../../src/buffer/indexeddb.js");

const draft = (id: string) => [{ id, events: [{ aggregate: "a/b", type: "t", data: 1 }], createdAt: 0 }];
/** An event of the page comes between two turns of the program. */
const tell = async (type: string) => {
  await Promise.resolve();
  page.dispatchEvent(new Event(type));
};
const turns = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve));
};

async function bufferOf(factory: IDBFactory) {
  const buffer = indexedDbBuffer("b", factory);
  await buffer.open(() => webCryptoKeys.create(buffer.keyForm));
  return buffer;
}

test("what a page that is put away had begun is taken back, and stored once when it is shown again", async () => {
  const factory = new IDBFactory();
  const buffer = await bufferOf(factory);
  let ended = 0;
  const begun = [buffer.append(draft("begun")), buffer.append(draft("queued"))];
  await tell("pagehide");
  begun.push(buffer.append(draft("while away")));
  for (const append of begun) void append.then(() => ended++);
  await turns();
  assert.equal(ended, 0);
  assert.deepEqual((await pendingIn(factory)).length, 0, "nothing is under way in a page that is away");
  await tell("pageshow");
  assert.deepEqual(
    (await Promise.all(begun)).flat().map(({ sequence, id }) => [sequence, id]),
    [
      [1, "begun"],
      [2, "queued"],
      [3, "while away"],
    ],
  );
  assert.equal((await buffer.contents()).pending.length, 3);
  await buffer.close();
});

test("what fails when the page is back fails as ever, and a change that was made stays", async () => {
  const factory = new IDBFactory();
  const buffer = await bufferOf(factory);
  const [first] = await buffer.append(draft("first"));
  const giving = buffer.giveUp(first!.sequence, { code: "void", status: 410 });
  await buffer.lead!();
  await tell("pagehide");
  await tell("pageshow");
  await giving;
  await (
    await bufferOf(factory)
  ).lead!();
  const late = buffer.giveUp(first!.sequence, { code: "void", status: 410 });
  await tell("pagehide");
  await tell("pageshow");
  await assert.rejects(late, /another tab leads now/);
  const { pending } = await buffer.contents();
  assert.equal(pending[0]!.givenUp?.code, "void");
});

test("a page that is put away again at once takes back what it had begun between", async () => {
  const factory = new IDBFactory();
  const buffer = await bufferOf(factory);
  const begun = [buffer.append(draft("one")), buffer.append(draft("two"))];
  for (const type of ["pagehide", "pageshow", "pagehide"]) await tell(type);
  await turns();
  assert.deepEqual(await pendingIn(factory), [], "nothing is under way in a page that is away");
  await tell("pageshow");
  const ids = (await Promise.all(begun)).flat().map(({ sequence, id }) => [sequence, id]);
  assert.deepEqual(ids, [
    [1, "one"],
    [2, "two"],
  ]);
  assert.equal((await buffer.contents()).pending.length, 2);
  await buffer.close();
});

test("what the browser aborts as the page is put away fails, and the rest is taken back", async () => {
  const factory = new IDBFactory();
  const buffer = await bufferOf(factory);
  const { transaction } = Databases.prototype;
  const begun: IDBTransaction[] = [];
  Databases.prototype.transaction = function (this: IDBDatabase, ...of: Parameters<typeof transaction>) {
    begun.push(transaction.apply(this, of) as unknown as IDBTransaction);
    return begun.at(-1) as never;
  };
  const aborted = buffer.append(draft("aborted"));
  const taken = buffer.append(draft("taken back"));
  await Promise.resolve();
  Databases.prototype.transaction = transaction;
  begun[0]!.abort();
  const failed = assert.rejects(aborted, BufferWriteError);
  await tell("pagehide");
  await turns();
  assert.deepEqual(await pendingIn(factory), []);
  await tell("pageshow");
  await failed;
  assert.deepEqual(
    (await taken).map(({ sequence, id }) => [sequence, id]),
    [[1, "taken back"]],
  );
  await buffer.close();
});

/** Read by another page, that waits for whatever is under way. */
async function pendingIn(factory: IDBFactory): Promise<unknown[]> {
  const database = await new Promise<IDBDatabase>(resolve => {
    const request = factory.open("b");
    request.onsuccess = () => resolve(request.result);
  });
  const found = await new Promise<unknown[]>(resolve => {
    const request = database.transaction("pending", "readwrite").objectStore("pending").getAll();
    request.onsuccess = () => resolve(request.result as unknown[]);
  });
  database.close();
  return found;
}
