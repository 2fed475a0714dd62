package celeriant.log.embedded.index;

import celeriant.log.embedded.record.ByteWriter;

/**
 * Changes for RocksDB in the form in which it keeps a batch itself, so that it is handed over with one call instead of
 * one for each change. The form stands in RocksDB's own log files, and so does not change. Confined to one thread.
 *
 * <pre>
 * batch         sequence u64, 0: RocksDB sets it | count u32 | change*, both numbers little-endian
 * put           1 | key | value
 * delete        0 | key
 * delete range  15 | from | to
 * key and the others   varint length, bytes
 * </pre>
 */
final class WriteBatchBytes {
    private static final int PUT = 1;
    private static final int DELETE = 0;
    private static final int DELETE_RANGE = 15;
    private static final int COUNT = Long.BYTES;
    private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;
    private static final int BYTES_AT_FIRST = 64 << 10;

    private final ByteWriter bytes;
    private int count;

    /** @param expectedBytes about so many it will be: growing costs copies */
    WriteBatchBytes(int expectedBytes) {
        bytes = new ByteWriter(Math.max(BYTES_AT_FIRST, expectedBytes));
        bytes.zeros(HEAD_BYTES);
    }

    void put(byte[] key, byte[] value) {
        begin(PUT);
        slice(key);
        slice(value);
    }

    void delete(byte[] key) {
        begin(DELETE);
        slice(key);
    }

    /** @param to exclusive */
    void deleteRange(byte[] from, byte[] to) {
        begin(DELETE_RANGE);
        slice(from);
        slice(to);
    }

    private void begin(int change) {
        bytes.putByte(change);
        count++;
    }

    private void slice(byte[] slice) {
        bytes.varint(slice.length);
        bytes.bytes(slice);
    }

    /** All of it, as RocksDB takes it. */
    byte[] whole() {
        bytes.overwriteInt(COUNT, Integer.reverseBytes(count));
        return bytes.copy();
    }
}
