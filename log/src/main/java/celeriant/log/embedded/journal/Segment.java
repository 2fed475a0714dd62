package celeriant.log.embedded.journal;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordCheck;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.embedded.record.UnknownFormatException;
import celeriant.log.embedded.system.ThreadRank;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * One file of the journal: a {@link SegmentHeader}, records ({@link RecordFormat}) up to a seal, which is written once
 * the segment is full, and zeros. Its whole length is written with zeros before its first record, so that a sync of
 * records need not sync the file's size as well. A sealed one may be replaced by a smaller file with the same records
 * at the same offsets ({@code SegmentRewriter}).
 *
 * <p>Reads may come from any thread, writes from the writer only.
 */
public final class Segment implements AutoCloseable {
    public static final int HEADER_BYTES = SegmentHeader.BYTES;
    /** What a segment keeps free for its seal. */
    public static final int SEAL_BYTES = RecordFormat.HEAD_BYTES;

    /** Behind the name of a segment that is written anew; one that is found when the log is opened is deleted. */
    public static final String REWRITE_SUFFIX = ".rewrite";

    private static final int ZEROS_BYTES = 1 << 20;
    private static final int AT_ONCE_BYTES = 256 << 10;
    private static final int WRITTEN_OUT_BYTES = 1 << 20;
    private static final int READ_AHEAD_BYTES = 512;
    private static final String SUFFIX = ".segment";
    private static final int NUMBER_DIGITS = 10;

    private final Disk.DiskFile file;
    private final SegmentHeader header;
    private final RecordCheck check;
    /** What is read once the file is closed; null as long as it is open. */
    private volatile Segment replacement;

    private Segment(Disk.DiskFile file, SegmentHeader header, RecordCheck check) {
        this.file = file;
        this.header = header;
        this.check = check;
    }

    public static String name(long number) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, NUMBER_DIGITS - digits.length())) + digits + SUFFIX;
    }

    public static boolean isName(String name) {
        return name.endsWith(SUFFIX);
    }

    public static long numberOf(String name) {
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    /**
     * Makes a segment under a temporary name, zeros and all, durable, then gives it its own.
     *
     * @param isAwaited whether somebody waits for it: it is made in one go then
     */
    public static Segment create(
            Disk disk, long number, long salt, UUID logId, long bytes, RecordCheck check, BooleanSupplier isAwaited)
            throws IOException {
        String temporary = name(number) + ".new";
        if (disk.list().contains(temporary)) {
            disk.delete(temporary);
        }
        Disk.DiskFile file = disk.create(temporary);
        try {
            SegmentHeader header = SegmentHeader.plain(number, salt, logId, bytes);
            file.write(header.encoded(), 0);
            writeZeros(disk, temporary, file, bytes, isAwaited);
            file.force();
            disk.rename(temporary, name(number));
            disk.syncFolder();
            file.prepareReads();
            return new Segment(file, header, check);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            disk.deleteHalfWritten(temporary, e);
            throw e;
        }
    }

    /**
     * In small pieces, between which others have the core and the disk: groups are written and synced meanwhile. 64 MiB
     * that are written out at once keep a sync waiting for 15 ms and more.
     */
    private static void writeZeros(Disk disk, String name, Disk.DiskFile file, long bytes, BooleanSupplier isAwaited)
            throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(AT_ONCE_BYTES);
        long written = HEADER_BYTES;
        for (long at = HEADER_BYTES; at < bytes; at += zeros.limit()) {
            if (at > HEADER_BYTES && !isAwaited.getAsBoolean()) {
                ThreadRank.giveWay();
                if (at - written >= WRITTEN_OUT_BYTES) {
                    disk.writeOut(name, written, at - written);
                    written = at;
                }
            }
            zeros.clear().limit((int) Math.min(AT_ONCE_BYTES, bytes - at));
            file.write(zeros, at);
        }
    }

    /** Opens a segment that must be whole and of this log. */
    public static Segment open(Disk disk, String name, UUID logId, RecordCheck check) throws IOException {
        Disk.DiskFile file = disk.open(name);
        SegmentHeader header = SegmentHeader.read(file, name, logId);
        file.prepareReads();
        return of(file, header, check);
    }

    /** The segment in an open file. */
    public static Segment of(Disk.DiskFile file, SegmentHeader header, RecordCheck check) {
        return new Segment(header.format() == SegmentHeader.PACKED ? new BlockFile(file, header) : file, header, check);
    }

    public SegmentHeader header() {
        return header;
    }

    public long number() {
        return header.number();
    }

    public long salt() {
        return header.salt();
    }

    public long bytes() {
        return header.bytes();
    }

    /** Whether it is in compressed blocks. */
    public boolean isPacked() {
        return header.format() == SegmentHeader.PACKED;
    }

    /** Bytes that records may take from an offset on, the seal's room left free. */
    public long room(long offset) {
        return bytes() - offset - SEAL_BYTES;
    }

    public void write(ByteBuffer records, long offset) throws IOException {
        file.write(records, offset);
    }

    public void force() throws IOException {
        file.force();
    }

    /** Reads as many bytes as fit; fewer only at the end. */
    public int read(ByteBuffer into, long offset) throws IOException {
        int position = into.position();
        try {
            return file.read(into, offset);
        } catch (ClosedChannelException e) {
            Segment newer = replacement;
            if (newer == null) {
                throw e;
            }
            return newer.read(into.position(position), offset);
        }
    }

    /**
     * Closes the file, whose room on the disk is free then. Who still reads here goes on in the newer one, which has
     * the same records at the same offsets.
     */
    void replaceBy(Segment newer) throws IOException {
        replacement = newer;
        close();
    }

    /** The record at an offset, where one must be. */
    public RecordBytes record(long offset) {
        long place = RecordFormat.place(number(), offset);
        try {
            byte[] found = new byte[(int) Math.max(0, Math.min(READ_AHEAD_BYTES, bytes() - offset))];
            int read = read(ByteBuffer.wrap(found), offset);
            int length = read < Integer.BYTES ? 0 : ByteBuffer.wrap(found).getInt(RecordFormat.LENGTH);
            if (!RecordFormat.isLength(length) || offset + length > bytes()) {
                throw CorruptLogException.at(place, "no record is where one must be");
            }
            if (length > read) {
                found = new byte[length];
                read(ByteBuffer.wrap(found), offset);
            }
            RecordBytes record = recordIn(found, 0, length, offset);
            if (record == null) {
                throw damaged(new RecordBytes(found, 0, length, place));
            }
            return record;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + name(number()) + " at " + offset, e);
        }
    }

    /** What is thrown for bytes that were a record once. */
    static CorruptLogException damaged(RecordBytes record) {
        return CorruptLogException.at(
                record.place(), "the record's check does not agree with its bytes" + DamagedRecord.names(record));
    }

    /** The record that the array holds at {@code start}, or null if its check is wrong. */
    RecordBytes recordIn(byte[] array, int start, int length, long offset) {
        if (!check.isIntact(array, start, length, salt(), offset)) {
            return null;
        }
        RecordBytes record = new RecordBytes(array, start, length, RecordFormat.place(number(), offset));
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
        for (long at = offset; at < bytes(); at += ZEROS_BYTES) {
            file.write(ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, bytes() - at)), at);
        }
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
