import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { fileBuffer } from "../../src/buffer/file.js";
import { encodeHeader, encodeRecord } from "../../src/buffer/file-format.js";
import { BufferFormatError, BufferInUseError, type LocalBuffer } from "../../src/buffer/local-buffer.js";
import { COMPACTION_MIN_BYTES } from "../../src/limits.js";
import { webCryptoKeys } from "../../src/protocol/device-key.js";
import { bufferContract } from "./contract.js";
import { temporaryFolder } from "../support/temporary-folder.js";

async function folder(): Promise<string> {
  return await temporaryFolder("buffer");
}

bufferContract("file buffer", {
  async create() {
    const path = join(await folder(), "buffer");
    return { buffer: fileBuffer(path), reopen: () => fileBuffer(path) };
  },
});

const newIdentity = () => webCryptoKeys.create("jwk");
const events = [{ aggregate: "canvas/b", type: "t", data: "x".repeat(40) }];
const draft = (id: string) => ({ id, events, createdAt: 1 });

async function pendingIn(path: string): Promise<string[]> {
  const buffer = fileBuffer(path);
  const { pending } = await buffer.open(newIdentity);
  await buffer.close();
  return pending.map(append => append.id);
}

/** A file with an identity and three appends, each in a record of its own, and where each record ends. */
async function threeRecords(): Promise<{ bytes: Buffer; ends: number[] }> {
  const path = join(await folder(), "buffer");
  const buffer = fileBuffer(path);
  await buffer.open(newIdentity);
  const ends: number[] = [(await stat(path)).size];
  for (const id of ["a1", "a2", "a3"]) {
    await buffer.append([draft(id)]);
    ends.push((await stat(path)).size);
  }
  await buffer.close();
  return { bytes: await readFile(path), ends };
}

test("a file cut at any byte of its last record opens with what was whole, and goes on", async () => {
  const { bytes, ends } = await threeRecords();
  const path = join(await folder(), "buffer");
  for (let cut = ends[2]!; cut < bytes.length; cut++) {
    await writeFile(path, bytes.subarray(0, cut));
    const buffer = fileBuffer(path);
    const { pending } = await buffer.open(newIdentity);
    assert.deepEqual(
      pending.map(append => append.id),
      ["a1", "a2"],
      `cut at ${cut}`,
    );
    assert.deepEqual(
      (await buffer.append([draft("b3")])).map(append => append.sequence),
      [3],
    );
    await buffer.close();
    assert.deepEqual(await pendingIn(path), ["a1", "a2", "b3"], `cut at ${cut}, after one more append`);
  }
});

test("a file whose last record lost any byte to zeros opens with what was whole", async () => {
  const { bytes, ends } = await threeRecords();
  const path = join(await folder(), "buffer");
  for (let place = ends[2]!; place < bytes.length; place++) {
    const torn = Buffer.from(bytes);
    torn.fill(0, place, Math.min(bytes.length, place + 16));
    if (torn.equals(bytes)) continue;
    await writeFile(path, torn);
    assert.deepEqual(await pendingIn(path), ["a1", "a2"], `zeros at ${place}`);
  }
});

test("damage before the last record is refused with its place, and the file is left as it is", async () => {
  const { bytes, ends } = await threeRecords();
  const path = join(await folder(), "buffer");
  for (let place = ends[0]!; place < ends[2]!; place += 7) {
    const damaged = Buffer.from(bytes);
    damaged[place] = damaged[place]! ^ 0x40;
    await writeFile(path, damaged);
    const at = place < ends[1]! ? ends[0] : ends[1];
    await assert.rejects(
      fileBuffer(path).open(newIdentity),
      (error: Error) => error instanceof BufferFormatError && error.message.includes(`damaged at byte ${at}:`),
      `flip at ${place}`,
    );
    assert.ok((await readFile(path)).equals(damaged));
  }
});

test("a file whose very first write was torn is begun again", async () => {
  const path = join(await folder(), "buffer");
  for (let length = 0; length < 8; length++) {
    await writeFile(path, encodeHeader().subarray(0, length));
    assert.deepEqual(await pendingIn(path), []);
  }
});

test("a file that is no buffer, and a buffer of an unknown format, are refused", async () => {
  const path = join(await folder(), "buffer");
  await writeFile(path, "hello, this is something else");
  await assert.rejects(fileBuffer(path).open(newIdentity), /does not begin with CELBUF/);
  const newer = encodeHeader();
  newer[6] = 9;
  await writeFile(path, Buffer.concat([newer, encodeRecord([])]));
  await assert.rejects(fileBuffer(path).open(newIdentity), /format 9 .* is not known here/);
});

test("a second open of the same file is refused while the first is open, also in this process", async () => {
  const path = join(await folder(), "buffer");
  const first = fileBuffer(path);
  await first.open(newIdentity);
  await assert.rejects(fileBuffer(path).open(newIdentity), BufferInUseError);
  await first.close();
  await pendingIn(path);
});

test("a lock held by another living process is respected, that of a dead one is not", async () => {
  const path = join(await folder(), "buffer");
  const init = (await readFile("/proc/1/stat", "utf8").catch(() => "")).split(") ")[1]?.split(" ")[19];
  await writeFile(`${path}.lock`, init === undefined ? "1" : `1 ${init}`);
  await assert.rejects(fileBuffer(path).open(newIdentity), /held by process 1/);
  await writeFile(`${path}.lock`, "1 12345678987654321");
  assert.deepEqual(await pendingIn(path), []);
  await writeFile(`${path}.lock`, "999999999 5");
  assert.deepEqual(await pendingIn(path), []);
});

test("a second thread of this process is kept off a file, too", async () => {
  const path = join(await folder(), "buffer");
  const buffer = fileBuffer(path);
  await buffer.open(newIdentity);
  const module = new URL("../../src/buffer/file.js", import.meta.url);
  const worker = new Worker(
    `const { parentPort, workerData } = require("node:worker_threads");
    import(workerData.module)
      .then(({ fileBuffer }) => fileBuffer(workerData.path).open(() => { throw new Error("it was opened"); }))
      .then(() => parentPort.postMessage("opened"), error => parentPort.postMessage(error.name));`,
    { eval: true, workerData: { module: module.href, path } },
  );
  const [said] = (await once(worker, "message")) as [string];
  assert.equal(said, "BufferInUseError");
  await worker.terminate();
  await buffer.close();
});

test("many appends asked for at once are written as one record", async () => {
  const path = join(await folder(), "buffer");
  const buffer = fileBuffer(path);
  await buffer.open(newIdentity);
  await Promise.all(Array.from({ length: 500 }, (_, n) => buffer.append([draft(`a${n}`)])));
  const bytes = await readFile(path);
  const marks = bytes.toString("latin1").split("CREC").length - 1;
  assert.equal(marks, 2, "the identity's record and one for all appends");
  await buffer.close();
});

test("a file that is mostly history is rewritten, and nothing in it is lost", async () => {
  const path = join(await folder(), "buffer");
  const buffer: LocalBuffer = fileBuffer(path);
  const { identity } = await buffer.open(newIdentity);
  const big = [{ aggregate: "canvas/b", type: "t", data: "x".repeat(100_000) }];
  let written = 0;
  for (let n = 1; written < COMPACTION_MIN_BYTES * 3; n++) {
    await buffer.append([{ id: `a${n}`, events: big, createdAt: 1 }]);
    const settled = { sequence: n, id: `a${n}` };
    await buffer.settle({ client: identity.clientId, settled, kept: [], rejected: [] });
    written += 100_000;
  }
  await buffer.append([draft("last")]);
  assert.ok((await stat(path)).size < COMPACTION_MIN_BYTES * 2, "it was rewritten");
  await buffer.close();
  assert.deepEqual(await pendingIn(path), ["last"]);
  await rm(path);
});
