package celeriant.log.embedded.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * The bytes of one record, checked, somewhere in an array, and its place. Gives what its head says; the rest is for
 * {@link RecordDecoder}. Valid as long as nobody writes into the array.
 */
public record RecordBytes(byte[] bytes, int start, int length, long place) {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final long IDENTITY_MIX = 0x9E3779B97F4A7C15L;

    public RecordFormat.Kind kind() {
        return RecordFormat.Kind.ofNumber(bytes[start + RecordFormat.KIND]);
    }

    public int format() {
        return bytes[start + RecordFormat.FORMAT_AT];
    }

    /** The place behind it. */
    public long end() {
        return place + length;
    }

    /** Where its group starts: everything before was durable when it was written. */
    public long groupStart() {
        return place - intAt(RecordFormat.GROUP_BACK);
    }

    public int eventCount() {
        return (bytes[start + RecordFormat.EVENTS] & 0xFF) << 8 | bytes[start + RecordFormat.EVENTS + 1] & 0xFF;
    }

    /** Of its last event; below {@link #position} if it has none. */
    public long lastPosition() {
        return position() + eventCount() - 1;
    }

    long recordedAt() {
        return longAt(RecordFormat.RECORDED_AT);
    }

    /** Place of the client's settled append before this one; 0 if none. */
    public long previous() {
        return longAt(RecordFormat.PREVIOUS);
    }

    public long sequence() {
        return longAt(RecordFormat.SEQUENCE);
    }

    /** Of its first event; 0 if it takes none. */
    public long position() {
        return longAt(RecordFormat.POSITION);
    }

    public UUID id() {
        return new UUID(longAt(RecordFormat.ID), longAt(RecordFormat.ID + Long.BYTES));
    }

    /** Tells it from another record that lies at the same place in another history; no compaction changes it. */
    public long identity() {
        long mixed = longAt(RecordFormat.ID) * IDENTITY_MIX + longAt(RecordFormat.ID + Long.BYTES);
        mixed = (mixed * IDENTITY_MIX + position()) * IDENTITY_MIX + sequence();
        return mixed * IDENTITY_MIX + recordedAt();
    }

    /** From the org on. */
    public ByteReader body() {
        return new ByteReader(bytes, start + RecordFormat.HEAD_BYTES, start + length);
    }

    private long longAt(int offset) {
        return (long) LONG.get(bytes, start + offset);
    }

    private int intAt(int offset) {
        return (int) INT.get(bytes, start + offset);
    }
}
