/** CRC-32C (Castagnoli), as in RFC 3720: the checksum of the file buffer's records. */

const TABLE = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  TABLE[byte] = value >>> 0;
}

/** The checksum of `bytes`, going on from that of what stands before them. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let crc = ~before >>> 0;
  for (let place = 0; place < bytes.length; place++) crc = TABLE[(crc ^ bytes[place]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
