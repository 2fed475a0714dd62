/**
 * The local buffer of a Node process: one append-only file (file-format.ts), each group of changes one record and, if
 * it must be durable, one fsync. Rewritten by rename when most of it is history. The device key is in it in the clear,
 * so the file is readable by its owner alone.
 */
import { constants } from "node:fs";
import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { COMPACTION_FACTOR, COMPACTION_MIN_BYTES } from "../limits.js";
import { HEADER_BYTES, decodeFile, encodeHeader, encodeRecord } from "./file-format.js";
import { lockFile, type FileLock } from "./file-lock.js";
import { JournaledBuffer, type Journal } from "./journaled-buffer.js";
import { BufferFormatError, BufferWriteError, type LocalBuffer } from "./local-buffer.js";
import type { BufferChange } from "./tables.js";

/** A buffer in the file at `path`, which is made if it does not exist, with its folder. */
export function fileBuffer(path: string): LocalBuffer {
  return new JournaledBuffer(new FileJournal(resolve(path)));
}

class FileJournal implements Journal {
  private file: FileHandle | undefined;
  private lock: FileLock | undefined;
  /** Length of what is whole; a write that failed is cut back to it. */
  private length = 0;
  /** Length after the last compaction. */
  private compactLength = HEADER_BYTES;
  private failure: unknown;

  constructor(private readonly path: string) {}

  async open(replay: (changes: readonly BufferChange[]) => void): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    this.lock = await lockFile(`${this.path}.lock`);
    try {
      await this.openLocked(replay);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private async openLocked(replay: (changes: readonly BufferChange[]) => void): Promise<void> {
    await rm(`${this.path}.compact`, { force: true });
    this.file = await open(this.path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const bytes = await this.file.readFile();
    if (
      bytes.length < HEADER_BYTES &&
      encodeHeader()
        .subarray(0, bytes.length)
        .every((b, i) => bytes[i] === b)
    ) {
      await this.begin();
      return;
    }
    try {
      this.length = decodeFile(bytes, replay);
    } catch (error) {
      if (!(error instanceof BufferFormatError)) throw error;
      throw new BufferFormatError(`${this.path}: ${error.message}`);
    }
    if (this.length < bytes.length) {
      await this.file.truncate(this.length);
      await this.file.sync();
    }
    this.compactLength = this.length;
  }

  /** A new file, or one whose very first write was torn. */
  private async begin(): Promise<void> {
    const file = this.opened();
    await file.truncate(0);
    await file.write(encodeHeader(), 0, HEADER_BYTES, 0);
    await file.sync();
    await syncFolder(dirname(this.path));
    this.length = HEADER_BYTES;
  }

  async write(changes: readonly BufferChange[], durable: boolean): Promise<void> {
    if (this.failure !== undefined) {
      throw new BufferWriteError(`${this.path}: stopped after a failed write; open it again`, { cause: this.failure });
    }
    const record = encodeRecord(changes);
    try {
      await writeWhole(this.opened(), record, this.length);
      if (durable) await this.opened().sync();
    } catch (error) {
      await this.undo(error);
      throw new BufferWriteError(`${this.path}: ${(error as Error).message}`, { cause: error });
    }
    this.length += record.length;
  }

  /**
   * Takes back a write that failed half way, such as on a full disk. After a failed sync nothing can be said about
   * what the disk holds, and if the cut fails too nothing can be said about the file: then only opening again helps.
   */
  private async undo(error: unknown): Promise<void> {
    const syncFailed = (error as NodeJS.ErrnoException).syscall === "fsync";
    try {
      await this.opened().truncate(this.length);
      await this.opened().sync();
      if (syncFailed) this.failure = error;
    } catch (second) {
      this.failure = second;
    }
  }

  async compact(snapshot: () => Iterable<BufferChange>): Promise<void> {
    if (this.failure !== undefined || this.length < COMPACTION_MIN_BYTES) return;
    if (this.length < this.compactLength * COMPACTION_FACTOR) return;
    this.compactLength = this.length;
    const shorter = `${this.path}.compact`;
    const file = await open(shorter, "w+", 0o600);
    let length: number;
    try {
      length = await writeWhole(file, encodeHeader(), 0);
      for (const change of snapshot()) length += await writeWhole(file, encodeRecord([change]), length);
      await file.sync();
      await rename(shorter, this.path);
    } catch (error) {
      await file.close();
      throw error;
    }
    await this.replaceBy(file, length);
  }

  /** From the rename on the new file is the buffer, whatever fails behind it. */
  private async replaceBy(file: FileHandle, length: number): Promise<void> {
    const old = this.opened();
    this.file = file;
    this.length = this.compactLength = length;
    try {
      await syncFolder(dirname(this.path));
      await old.close();
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
    await this.lock?.release();
    this.lock = undefined;
  }

  private opened(): FileHandle {
    if (this.file === undefined) throw new BufferWriteError(`${this.path}: not open`);
    return this.file;
  }
}

async function writeWhole(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
  return written;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
