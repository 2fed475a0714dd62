package celeriant.log.embedded.compaction;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.journal.SegmentHeader;
import celeriant.log.embedded.journal.SegmentOutput;
import celeriant.log.embedded.journal.SegmentScanner;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordCheck;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/**
 * Writes a sealed segment anew, without what may go and in compressed blocks, under a temporary name; reads it back;
 * and only then gives it the segment's name, so that a crash leaves the old file or the new one, whole. Offsets stay
 * what they are. Confined to one thread.
 */
public final class SegmentRewriter {
    /** It was told to stop in the middle; nothing has changed. */
    public static final class StoppedException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        public StoppedException() {
            super("the log is closed, or the thread was interrupted");
        }
    }

    private final Disk disk;
    private final RecordCheck check;
    private final int compressionLevel;
    private final BooleanSupplier stopped;
    private final CompactionPace pace;
    private boolean isUrgent;

    /** @param compressionLevel of zstd; 0: nothing is packed */
    public SegmentRewriter(
            Disk disk, RecordCheck check, int compressionLevel, BooleanSupplier stopped, CompactionPace pace) {
        this.disk = disk;
        this.check = check;
        this.compressionLevel = compressionLevel;
        this.stopped = stopped;
        this.pace = pace;
    }

    /** Whether a segment is to be packed and is not. */
    boolean packs(Segment segment) {
        return compressionLevel > 0 && !segment.isPacked();
    }

    /** The segment packed; null if it is that already. Has time: appends come first. */
    Segment pack(Segment old) throws IOException {
        isUrgent = false;
        return packs(old) ? rewrite(old, new RecordCleaner(Removable.NOTHING)) : null;
    }

    /** The segment without what may go, packed; null if it is that already. Has a deadline. */
    public Segment rewrite(Segment old, Removable removable) throws IOException {
        isUrgent = true;
        return rewrite(old, new RecordCleaner(removable));
    }

    private Segment rewrite(Segment old, RecordCleaner cleaner) throws IOException {
        boolean isToBeWritten = packs(old);
        SegmentScanner scanner = scanner(old);
        for (RecordBytes record = next(scanner, old); record != null; record = next(scanner, old)) {
            isToBeWritten = isToBeWritten || cleaner.clean(record) != null;
        }
        return isToBeWritten ? write(old, cleaner, scanner.offset()) : null;
    }

    private SegmentScanner scanner(Segment segment) {
        return new SegmentScanner(segment, Segment.HEADER_BYTES, segment.bytes());
    }

    void requireGoingOn() {
        if (stopped.getAsBoolean()) {
            throw new StoppedException();
        }
    }

    /** The next record; null once the seal is reached. */
    private RecordBytes next(SegmentScanner scanner, Segment segment) {
        requireGoingOn();
        RecordBytes record = scanner.next();
        if (record == null) {
            throw CorruptLogException.at(
                    RecordFormat.place(segment.number(), scanner.offset()), "no intact record is here");
        }
        if (!isUrgent) {
            pace.worked(record.length());
        }
        return record.kind() == RecordFormat.Kind.SEAL ? null : record;
    }

    private Segment write(Segment old, RecordCleaner cleaner, long end) throws IOException {
        String name = Segment.name(old.number());
        String temporary = name + Segment.REWRITE_SUFFIX;
        if (disk.list().contains(temporary)) {
            disk.delete(temporary);
        }
        Disk.DiskFile file = disk.create(temporary);
        try {
            Segment written = Segment.of(file, fill(file, old, cleaner, end), check);
            file.force();
            file.prepareReads();
            requireReadable(written, end);
            disk.rename(temporary, name);
            return written;
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            disk.deleteHalfWritten(temporary, e);
            throw e;
        }
    }

    private SegmentHeader fill(Disk.DiskFile file, Segment old, RecordCleaner cleaner, long end) throws IOException {
        try (SegmentOutput out = compressionLevel > 0
                ? new SegmentOutput.Packed(file, old.header(), end, compressionLevel)
                : new SegmentOutput.Plain(file, old.header(), end)) {
            SegmentScanner scanner = scanner(old);
            long offset = Segment.HEADER_BYTES;
            for (RecordBytes record = next(scanner, old); record != null; record = next(scanner, old)) {
                put(out, record, cleaner.clean(record), old.salt());
                offset = scanner.offset();
            }
            RecordBytes seal = old.record(offset);
            out.write(seal.bytes(), seal.start(), seal.length());
            return out.finish();
        }
    }

    private static void put(SegmentOutput out, RecordBytes record, byte[] cleaned, long salt) throws IOException {
        if (cleaned == null) {
            out.write(record.bytes(), record.start(), record.length());
        } else {
            ByteBuffer bytes = ByteBuffer.wrap(cleaned);
            RecordFormat.seal(bytes, 0, cleaned.length, salt, RecordFormat.offsetOf(record.place()));
            out.write(cleaned, 0, cleaned.length);
        }
    }

    private void requireReadable(Segment written, long end) throws IOException {
        SegmentScanner scanner = scanner(written);
        while (next(scanner, written) != null) {
            // Each record's check is looked at.
        }
        if (scanner.offset() != end) {
            throw new IOException("segment " + written.number() + " was written anew and does not read back");
        }
    }
}
