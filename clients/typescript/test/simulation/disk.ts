/**
 * A simulated disk under the file buffer's own format. What is not synced may be lost by a crash, cut at any byte; a
 * full disk takes nothing; whoever has crashed is never answered.
 */
import { decodeFile, encodeHeader, encodeRecord } from "../../src/buffer/file-format.js";
import type { Journal } from "../../src/buffer/journaled-buffer.js";
import { BufferWriteError } from "../../src/buffer/local-buffer.js";
import type { BufferChange } from "../../src/buffer/tables.js";
import type { Chance } from "./chance.js";
import type { Scheduler } from "./scheduler.js";

const COMPACTION_MIN_CHANGES = 40;
const COMPACTION_FACTOR = 3;

/** Bytes, or what becomes bytes when somebody looks: most of it nobody ever reads. */
type Written = Uint8Array | readonly BufferChange[];

export class Disk {
  full = false;
  private written: Written[] = [encodeHeader()];
  /** So many of what is written would survive a crash for sure. */
  private synced = 1;
  /** On its way: a crash may keep any part of it. */
  private underWay: Written | undefined;
  private changes = 0;
  private compactAt = COMPACTION_MIN_CHANGES;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly chance: Chance,
  ) {}

  /** What a copy of the device's storage would hold. */
  copy(): Disk {
    const copy = new Disk(this.scheduler, this.chance);
    copy.written = [joined(this.written.slice(0, this.synced))];
    copy.changes = this.changes;
    return copy;
  }

  /** A crash keeps all that was written so far. */
  sync(): void {
    this.synced = this.written.length;
  }

  /** The power goes: of what was not synced any part may be there. */
  crash(): void {
    const unsynced = joined([...this.written.slice(this.synced), this.underWay ?? new Uint8Array()]);
    const kept = unsynced.slice(0, this.chance.happens(0.3) ? unsynced.length : this.chance.below(unsynced.length + 1));
    this.written = [joined([...this.written.slice(0, this.synced), kept])];
    this.synced = 1;
    this.underWay = undefined;
  }

  /** The process ends and the power stays: everything that was written is there. */
  unplug(): void {
    this.written = [joined(this.written)];
    this.synced = 1;
    this.underWay = undefined;
  }

  /** The journal of one process; `alive` ends with it. */
  journal(alive: () => boolean): Journal {
    return {
      open: replay => {
        const image = joined(this.written);
        const whole = decodeFile(image, replay);
        this.written = [image.slice(0, whole)];
        this.synced = 1;
        return Promise.resolve();
      },
      write: (changes, durable) => this.write(changes, durable, alive),
      compact: snapshot => this.compact(snapshot),
      close: () => Promise.resolve(),
    };
  }

  private write(changes: readonly BufferChange[], durable: boolean, alive: () => boolean): Promise<void> {
    this.underWay = changes;
    return new Promise((resolve, reject) => {
      this.scheduler.in(durable ? this.chance.between(1, 8) : 0, () => {
        if (!alive()) return;
        this.underWay = undefined;
        if (this.full) {
          reject(new BufferWriteError("the disk is full"));
          return;
        }
        this.written.push(changes);
        this.changes += changes.length;
        if (durable) this.synced = this.written.length;
        resolve();
      });
    });
  }

  private compact(snapshot: () => Iterable<BufferChange>): Promise<void> {
    if (this.changes > this.compactAt && !this.full) {
      const records = [...snapshot()].map(change => encodeRecord([change]));
      this.written = [joined([encodeHeader(), ...records])];
      this.synced = 1;
      this.changes = records.length;
      this.compactAt = Math.max(COMPACTION_MIN_CHANGES, COMPACTION_FACTOR * records.length);
    }
    return Promise.resolve();
  }
}

function joined(written: readonly Written[]): Uint8Array {
  const parts = written.map(part => (part instanceof Uint8Array ? part : encodeRecord(part)));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
