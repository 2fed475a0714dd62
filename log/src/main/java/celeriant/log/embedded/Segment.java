package celeriant.log.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One file of the journal. Its whole length is written with zeros before its first record, so that a sync of records
 * need not sync the file's size as well. Big-endian.
 *
 * <pre>
 *  0  magic     u64   "CelSegm" and a zero
 *  8  format    u32   {@link #FORMAT}
 * 12  check     u32   CRC32C of the header with this field 0
 * 16  number    u64   1, 2, 3…
 * 24  salt      u64   random; mixed into the check of each record
 * 32  log id    16
 * 48  bytes     u64   of the whole file
 *     zeros           up to {@link #HEADER_BYTES}
 *     records         see {@link RecordFormat}; the last one is a seal, once the next segment is written
 *     zeros
 * </pre>
 *
 * Reads may come from any thread, writes from the writer only.
 */
final class Segment implements AutoCloseable {
    /** The format that is written. 1: the first. */
    static final int FORMAT = 1;
    /** Room for the header: a block of its own, so that no write of records can harm it. */
    static final int HEADER_BYTES = 4096;
    /** What a segment keeps free for its seal. */
    static final int SEAL_BYTES = RecordFormat.HEAD_BYTES;

    private static final long MAGIC = 0x43656c5365676d00L;
    private static final int FIELDS_BYTES = 56;
    private static final int CHECK_AT = 12;
    private static final int ZEROS_BYTES = 1 << 20;
    private static final int READ_AHEAD_BYTES = 1024;
    private static final String SUFFIX = ".segment";
    private static final int NUMBER_DIGITS = 10;

    private final Disk.DiskFile file;
    private final long number;
    private final long salt;
    private final long bytes;
    private final RecordCheck check;

    private Segment(Disk.DiskFile file, long number, long salt, long bytes, RecordCheck check) {
        this.file = file;
        this.number = number;
        this.salt = salt;
        this.bytes = bytes;
        this.check = check;
    }

    static String name(long number) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, NUMBER_DIGITS - digits.length())) + digits + SUFFIX;
    }

    static boolean isName(String name) {
        return name.endsWith(SUFFIX);
    }

    static long numberOf(String name) {
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    /** Makes a segment under a temporary name, zeros and all, durable, then gives it its own. */
    static Segment create(Disk disk, long number, long salt, UUID logId, long bytes, RecordCheck check)
            throws IOException {
        String temporary = name(number) + ".new";
        if (disk.list().contains(temporary)) {
            disk.delete(temporary);
        }
        Disk.DiskFile file = disk.create(temporary);
        try {
            file.write(header(number, salt, logId, bytes), 0);
            ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
            for (long at = HEADER_BYTES; at < bytes; at += zeros.limit()) {
                zeros.clear().limit((int) Math.min(ZEROS_BYTES, bytes - at));
                file.write(zeros, at);
            }
            file.force();
            disk.rename(temporary, name(number));
            disk.syncFolder();
            file.prepareReads();
            return new Segment(file, number, salt, bytes, check);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static ByteBuffer header(long number, long salt, UUID logId, long bytes) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putInt(FORMAT).putInt(0).putLong(number).putLong(salt);
        header.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
        header.putLong(bytes);
        header.putInt(CHECK_AT, check(header));
        return header.clear();
    }

    private static int check(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().clear().limit(FIELDS_BYTES));
        return (int) crc.getValue();
    }

    /** Opens a segment that must be whole and of this log. */
    static Segment open(Disk disk, String name, UUID logId, RecordCheck check) throws IOException {
        Disk.DiskFile file = disk.open(name);
        ByteBuffer header = ByteBuffer.allocate(FIELDS_BYTES);
        int read = file.read(header, 0);
        header.clear();
        if (read < FIELDS_BYTES || header.getLong() != MAGIC) {
            throw new CorruptLogException("file " + name + " is not a segment: its header is missing or damaged");
        }
        int format = header.getInt();
        if (format > FORMAT) {
            throw new UnknownFormatException("file " + name, format, FORMAT);
        }
        int expectedCheck = header.getInt();
        header.putInt(CHECK_AT, 0);
        long number = header.getLong();
        long salt = header.getLong();
        UUID log = new UUID(header.getLong(), header.getLong());
        long bytes = header.getLong();
        if (expectedCheck != check(header) || number != numberOf(name) || bytes != file.size()) {
            throw new CorruptLogException(
                    "file " + name + ": its header is damaged or its length is not the one it had");
        }
        if (!log.equals(logId)) {
            throw new CorruptLogException("file " + name + " belongs to the log " + log + ", not to " + logId);
        }
        return new Segment(file, number, salt, bytes, check);
    }

    long number() {
        return number;
    }

    long salt() {
        return salt;
    }

    long bytes() {
        return bytes;
    }

    /** Bytes that records may take from an offset on, the seal's room left free. */
    long room(long offset) {
        return bytes - offset - SEAL_BYTES;
    }

    void write(ByteBuffer records, long offset) throws IOException {
        file.write(records, offset);
    }

    void force() throws IOException {
        file.force();
    }

    /** Reads as many bytes as fit; fewer only at the end. */
    int read(ByteBuffer into, long offset) throws IOException {
        return file.read(into, offset);
    }

    /** The record at an offset, where one must be. */
    RecordBytes record(long offset) {
        long place = RecordFormat.place(number, offset);
        try {
            byte[] found = new byte[(int) Math.max(0, Math.min(READ_AHEAD_BYTES, bytes - offset))];
            int read = file.read(ByteBuffer.wrap(found), offset);
            int length = read < Integer.BYTES ? 0 : ByteBuffer.wrap(found).getInt(RecordFormat.LENGTH);
            if (!RecordFormat.isLength(length) || offset + length > bytes) {
                throw CorruptLogException.at(place, "no record is where one must be");
            }
            if (length > read) {
                found = new byte[length];
                file.read(ByteBuffer.wrap(found), offset);
            }
            RecordBytes record = recordIn(found, 0, length, offset);
            if (record == null) {
                throw CorruptLogException.at(place, "the record's check does not agree with its bytes");
            }
            return record;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + name(number) + " at " + offset, e);
        }
    }

    /** The record that the array holds at {@code start}, or null if its check is wrong. */
    RecordBytes recordIn(byte[] array, int start, int length, long offset) {
        if (!check.isIntact(array, start, length, salt, offset)) {
            return null;
        }
        RecordBytes record = new RecordBytes(array, start, length, RecordFormat.place(number, offset));
        if (record.format() > RecordFormat.FORMAT) {
            throw new UnknownFormatException("a record", record.format(), RecordFormat.FORMAT);
        }
        if (record.kind() == null) {
            throw CorruptLogException.at(record.place(), "no kind of record has the number that is here");
        }
        return record;
    }

    /** Writes zeros from an offset to the end and makes them durable. */
    void zeroFrom(long offset) throws IOException {
        for (long at = offset; at < bytes; at += ZEROS_BYTES) {
            file.write(ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, bytes - at)), at);
        }
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
