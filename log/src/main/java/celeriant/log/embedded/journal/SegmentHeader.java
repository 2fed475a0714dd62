package celeriant.log.embedded.journal;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.UnknownFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a segment's file begins with. Big-endian.
 *
 * <pre>
 *  0  magic       u64   "CelSegm" and a zero
 *  8  format      u32   {@link #PLAIN} or {@link #PACKED}
 * 12  check       u32   CRC32C of the header's fields with this one 0
 * 16  number      u64   1, 2, 3…
 * 24  salt        u64   random; mixed into the check of each record
 * 32  log id      16
 * 48  bytes       u64   of the segment: an offset in a segment is below it
 * 56  file bytes  u64   of the file; only in a packed one, a plain one's are its bytes
 * 64  block bytes u32   only in a packed one
 *     zeros             up to {@link #BYTES}
 * </pre>
 *
 * @param fileBytes of the file
 * @param blockBytes of the segment in each block; 0 if it is plain
 */
public record SegmentHeader(
        int format, long number, long salt, UUID logId, long bytes, long fileBytes, int blockBytes) {
    /** Format 1: records behind the header, each at its offset. The first. */
    static final int PLAIN = 1;
    /** Format 2: the same bytes in compressed blocks, see {@link BlockFile}. Sealed segments only. */
    public static final int PACKED = 2;

    /** Room for the header: a block of its own, so that no write of records can harm it. */
    static final int BYTES = 4096;

    private static final long MAGIC = 0x43656c5365676d00L;
    private static final int CHECK_AT = 12;
    private static final int PLAIN_FIELDS_BYTES = 56;
    private static final int PACKED_FIELDS_BYTES = 68;

    static SegmentHeader plain(long number, long salt, UUID logId, long bytes) {
        return new SegmentHeader(PLAIN, number, salt, logId, bytes, bytes, 0);
    }

    public ByteBuffer encoded() {
        ByteBuffer header = ByteBuffer.allocate(BYTES);
        header.putLong(MAGIC).putInt(format).putInt(0).putLong(number).putLong(salt);
        header.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
        header.putLong(bytes);
        if (format == PACKED) {
            header.putLong(fileBytes).putInt(blockBytes);
        }
        header.putInt(CHECK_AT, check(header, format));
        return header.clear();
    }

    private static int check(ByteBuffer header, int format) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().clear().limit(format == PLAIN ? PLAIN_FIELDS_BYTES : PACKED_FIELDS_BYTES));
        return (int) crc.getValue();
    }

    /** Reads the header of a file, which must be whole, and of that log. */
    public static SegmentHeader read(Disk.DiskFile file, String name, UUID logId) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BYTES);
        int read = file.read(header, 0);
        header.clear();
        if (read < PACKED_FIELDS_BYTES || header.getLong() != MAGIC) {
            throw new CorruptLogException("file " + name + " is not a segment: its header is missing or damaged");
        }
        int format = header.getInt();
        if (format > PACKED) {
            throw new UnknownFormatException("file " + name, format, PACKED);
        }
        int expectedCheck = header.getInt();
        header.putInt(CHECK_AT, 0);
        SegmentHeader found = decode(header, format);
        boolean isWhole = expectedCheck == check(header, format)
                && found.number == Segment.numberOf(name)
                && found.fileBytes == file.size();
        if (!isWhole) {
            throw new CorruptLogException(
                    "file " + name + ": its header is damaged or its length is not the one it had");
        }
        if (!found.logId.equals(logId)) {
            throw new CorruptLogException("file " + name + " belongs to the log " + found.logId + ", not to " + logId);
        }
        return found;
    }

    private static SegmentHeader decode(ByteBuffer header, int format) {
        long number = header.getLong();
        long salt = header.getLong();
        UUID log = new UUID(header.getLong(), header.getLong());
        long bytes = header.getLong();
        return format == PACKED
                ? new SegmentHeader(format, number, salt, log, bytes, header.getLong(), header.getInt())
                : plain(number, salt, log, bytes);
    }
}
