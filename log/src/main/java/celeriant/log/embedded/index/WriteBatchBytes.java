package celeriant.log.embedded.index;

import celeriant.log.embedded.record.ByteWriter;

/**
 * Changes for RocksDB in the form in which it keeps a batch itself, so that it is handed over with one call instead of
 * one for each change. The form stands in RocksDB's own log files, and so does not change. Confined to one thread.
 *
 * <pre>
 * batch         sequence u64, 0: RocksDB sets it | count u32 | change*, both numbers little-endian
 * put           5 | family | key | value
 * delete        4 | family | key
 * delete range  14 | family | from | to
 * family        varint, its number
 * key and the others   varint length, bytes
 * </pre>
 */
final class WriteBatchBytes {
    private static final int PUT = 5;
    private static final int DELETE = 4;
    private static final int DELETE_RANGE = 14;
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

    void put(int family, byte[] key, byte[] value) {
        begin(PUT, family);
        slice(key);
        slice(value);
    }

    void delete(int family, byte[] key) {
        begin(DELETE, family);
        slice(key);
    }

    /** @param to exclusive */
    void deleteRange(int family, byte[] from, byte[] to) {
        begin(DELETE_RANGE, family);
        slice(from);
        slice(to);
    }

    private void begin(int change, int family) {
        bytes.putByte(change);
        bytes.varint(family);
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
