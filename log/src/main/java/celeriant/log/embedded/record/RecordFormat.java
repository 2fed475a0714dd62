package celeriant.log.embedded.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a record: one whole append, one settled rejection, one snapshot, or the seal that ends a segment. This
 * class knows the head; {@link RecordEncoder} and {@link RecordDecoder} the body behind it. Big-endian.
 *
 * <pre>
 *  0  length       u32   of the whole record, a multiple of 8; 0 = nothing was written here
 *  4  check        u32   CRC32C of the bytes from 8 to the end, mixed with the segment's salt, the record's offset and
 *                        its length, so that a stale, moved or cut record does not pass
 *  8  format       u8    {@link #FORMAT}
 *  9  kind         u8    {@link Kind}
 * 10  events       u16   how many; 0 if it has none
 * 12  groupBack    u32   bytes back to the first record of its group: all before that was durable when it was written
 * 16  recordedAt   u64   milliseconds
 * 24  previous     u64   place of the client's settled append before this one, 0 if none; only with a sequence
 * 32  sequence     u64   0 if none
 * 40  position     u64   of the first event; 0 if it takes none
 * 48  id           16    of the append; of a snapshot's request: 0
 * 64  org          text  varint length, UTF-8
 *     body               by kind, see {@link RecordEncoder}
 *     padding            zeros up to a multiple of 8
 * </pre>
 *
 * A place is a segment's number in the upper half of a long and an offset in that segment in the lower half; places
 * rise in the order of the log, and 0 is none.
 */
public final class RecordFormat {
    /** The format that is written. 1: the first. */
    public static final int FORMAT = 1;

    public static final int ALIGNMENT = 8;
    public static final int HEAD_BYTES = 64;
    /** A longer record is a fault of the file: nothing that the limits let through comes near. */
    static final int RECORD_BYTES_MAX = 64 << 20;

    /** More do not fit into the head; the protocol's limit is far below. */
    static final int EVENTS_MAX = 0xFFFF;

    /** The check is of all bytes from here on. */
    private static final int CHECKED_FROM = 8;

    public static final int LENGTH = 0;
    static final int CHECK = 4;
    public static final int FORMAT_AT = 8;
    public static final int KIND = 9;
    static final int EVENTS = 10;
    public static final int GROUP_BACK = 12;
    public static final int RECORDED_AT = 16;
    public static final int PREVIOUS = 24;
    public static final int SEQUENCE = 32;
    public static final int POSITION = 40;
    public static final int ID = 48;

    private static final long OFFSET_MIX = 0x9E3779B97F4A7C15L;
    private static final long LENGTH_MIX = 0xC2B2AE3D27D4EB4FL;

    private RecordFormat() {}

    /** What a record is. The numbers are never reused. */
    public enum Kind {
        APPEND(1),
        REJECTION(2),
        SNAPSHOT(3),
        SEAL(4),
        /** What once was a snapshot: nothing but its head is left, zeros stand behind it. */
        REMOVED(5);

        public final int number;

        Kind(int number) {
            this.number = number;
        }

        /** Null for a number that no kind has. */
        static Kind ofNumber(int number) {
            return switch (number) {
                case 1 -> APPEND;
                case 2 -> REJECTION;
                case 3 -> SNAPSHOT;
                case 4 -> SEAL;
                case 5 -> REMOVED;
                default -> null;
            };
        }
    }

    public static long place(long segment, long offset) {
        return segment << Integer.SIZE | offset;
    }

    public static long segmentOf(long place) {
        return place >>> Integer.SIZE;
    }

    public static long offsetOf(long place) {
        return place & 0xFFFF_FFFFL;
    }

    static int aligned(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** Whether a length can be a record's. */
    public static boolean isLength(int length) {
        return length >= HEAD_BYTES && length <= RECORD_BYTES_MAX && length % ALIGNMENT == 0;
    }

    /** Whether bytes may begin a record, as far as can be told before its check is computed. */
    public static boolean mayBegin(byte[] bytes, int start) {
        return bytes[start + FORMAT_AT] >= 1
                && bytes[start + FORMAT_AT] <= FORMAT
                && Kind.ofNumber(bytes[start + KIND]) != null;
    }

    /** Puts the check into a record that is complete but for it. */
    public static void seal(ByteBuffer buffer, int start, int length, long salt, long offset) {
        buffer.putInt(start + CHECK, check(buffer, start, length, salt, offset));
    }

    /** Whether the bytes at {@code start} are a whole, unharmed record of this place. */
    public static boolean isIntact(byte[] bytes, int start, int length, long salt, long offset) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return buffer.getInt(start + LENGTH) == length
                && buffer.getInt(start + CHECK) == check(buffer, start, length, salt, offset);
    }

    private static int check(ByteBuffer buffer, int start, int length, long salt, long offset) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(start + CHECKED_FROM, length - CHECKED_FROM));
        long mix = salt + offset * OFFSET_MIX + length * LENGTH_MIX;
        return (int) crc.getValue() ^ (int) (mix ^ mix >>> Integer.SIZE);
    }
}
