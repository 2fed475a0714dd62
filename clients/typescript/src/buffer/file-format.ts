/**
 * The bytes of the file buffer. This module alone knows its offsets.
 *
 *   file   := header record*
 *   header := "CELBUF" version:u8 0:u8
 *
 *             0       4         8        12
 *   record := | mark  | length  | crc32c | payload … |     integers are little-endian
 *
 * `mark` is "CREC"; `length` is the payload's; the checksum covers the length's four bytes and the payload. A payload
 * is the JSON array of one group of changes (tables.ts), so that a group is there as a whole or not at all.
 *
 * Versions: 1, the first.
 */
import { MAX_RECORD_BYTES } from "../limits.js";
import { crc32c } from "./crc32c.js";
import { BufferFormatError } from "./local-buffer.js";
import type { BufferChange } from "./tables.js";

export const HEADER_BYTES = 8;
const VERSION = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const NAME = encoder.encode("CELBUF");
const RECORD_HEADER_BYTES = 12;
const MARK = 0x43455243; // "CREC", read little-endian

export function encodeHeader(): Uint8Array {
  return Uint8Array.of(...NAME, VERSION, 0);
}

export function encodeRecord(changes: readonly BufferChange[]): Uint8Array {
  const payload = encoder.encode(JSON.stringify(changes));
  if (payload.length > MAX_RECORD_BYTES) {
    throw new RangeError(`${payload.length} bytes in one group of changes: at most ${MAX_RECORD_BYTES}`);
  }
  const record = new Uint8Array(RECORD_HEADER_BYTES + payload.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, MARK, true);
  view.setUint32(4, payload.length, true);
  record.set(payload, RECORD_HEADER_BYTES);
  view.setUint32(8, checksum(record, payload.length), true);
  return record;
}

/**
 * Reads a whole file and hands over its groups; returns the length of what is whole. What comes behind is the torn
 * end of a write that nobody was told about, and may be cut off.
 *
 * @throws BufferFormatError when the damage is not at the end: a record that was answered for is not readable
 */
export function decodeFile(bytes: Uint8Array, replay: (changes: readonly BufferChange[]) => void): number {
  checkHeader(bytes);
  let offset = HEADER_BYTES;
  for (;;) {
    const end = recordEnd(bytes, offset);
    if (end === undefined) break;
    const payload = bytes.subarray(offset + RECORD_HEADER_BYTES, end);
    replay(JSON.parse(decoder.decode(payload)) as BufferChange[]);
    offset = end;
  }
  for (let later = offset + 1; later < bytes.length; later++) {
    if (recordEnd(bytes, later) === undefined) continue;
    throw new BufferFormatError(`damaged at byte ${offset}: a whole record stands behind it, at byte ${later}`);
  }
  return offset;
}

function checkHeader(bytes: Uint8Array): void {
  if (bytes.length < HEADER_BYTES || NAME.some((byte, place) => bytes[place] !== byte)) {
    throw new BufferFormatError("not a local buffer: it does not begin with CELBUF");
  }
  if (bytes[6] !== VERSION) {
    throw new BufferFormatError(
      `format ${bytes[6]} of the local buffer is not known here: this client reads ${VERSION}`,
    );
  }
}

/** Where the record at `offset` ends; undefined when there is no whole record there. */
function recordEnd(bytes: Uint8Array, offset: number): number | undefined {
  if (offset + RECORD_HEADER_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  if (view.getUint32(0, true) !== MARK) return undefined;
  const length = view.getUint32(4, true);
  const end = offset + RECORD_HEADER_BYTES + length;
  if (length > MAX_RECORD_BYTES || end > bytes.length) return undefined;
  const record = bytes.subarray(offset, end);
  return view.getUint32(8, true) === checksum(record, length) ? end : undefined;
}

function checksum(record: Uint8Array, length: number): number {
  const ofLength = crc32c(record.subarray(4, 8));
  return crc32c(record.subarray(RECORD_HEADER_BYTES, RECORD_HEADER_BYTES + length), ofLength);
}
