package celeriant.log.embedded.journal;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordCheck;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where the journal ends, and hands on its records from a place on.
 *
 * <p>A crash can leave the last group half written, in any order of its blocks; that tail was never answered and is cut
 * off: zeros are written over it, so that no part of it ever reads as a record again. Bytes that were durable and are
 * damaged now are another thing and are refused. What tells them apart is proof that something behind the damage was
 * durable, or was written when the damaged place was: a record's head says where its group started, and a group is
 * written only when everything before is durable. So an intact record whose group started behind the damage, a record
 * in a later segment, an index that covers more (it never is ahead of the sync) or a {@link DurableMark} that does
 * makes it a corruption. What is left is a machine that went down before the mark of its last group was on the disk,
 * and damaged just that group: that is said, for it cannot be known.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Disk disk;
    private final UUID logId;
    private final RecordCheck check;
    private final long mark;
    private final List<Segment> segments = new ArrayList<>();

    /** @param mark up to where the journal was durable, at least; 0 if that is not known */
    public Recovery(Disk disk, UUID logId, RecordCheck check, long mark) {
        this.disk = disk;
        this.logId = logId;
        this.check = check;
        this.mark = mark;
    }

    /**
     * What was found.
     *
     * @param segments up to the active one; empty in a new folder
     * @param firstNumber of the segments, or of the one to be made
     * @param offset where the active one goes on
     * @param sealed whether the active one ended with a seal: the next must be made
     */
    public record Found(List<Segment> segments, long firstNumber, long offset, boolean sealed) {}

    /**
     * @param covered up to where everything is durable and known
     * @param replay is given each record behind it, in order, valid during the call
     */
    public Found run(Covered covered, Consumer<RecordBytes> replay) throws IOException {
        dropHalfWritten();
        List<String> names =
                disk.list().stream().filter(Segment::isName).sorted().toList();
        long firstNumber = 1;
        for (String name : names) {
            requireNext(firstNumber, name);
            segments.add(Segment.open(disk, name, logId, check));
        }
        long from = covered.end();
        int index = from == 0 ? 0 : (int) (RecordFormat.segmentOf(from) - firstNumber);
        if (from != 0 && (index < 0 || index >= segments.size())) {
            throw CorruptLogException.at(from, "the index covers the journal up to here, but the segment is missing");
        }
        requireCovered(covered, index);
        long offset = from == 0 ? Segment.HEADER_BYTES : RecordFormat.offsetOf(from);
        boolean sealed = false;
        while (index < segments.size()) {
            Segment segment = segments.get(index);
            SegmentScanner scanner = new SegmentScanner(segment, offset, segment.bytes());
            sealed = replay(scanner, replay);
            offset = scanner.offset();
            segment.force();
            requireMarked(scanner, RecordFormat.place(segment.number(), offset), sealed && index + 1 < segments.size());
            if (!sealed) {
                requirePlain(segment, offset);
                requireNothingDurableBehind(index, offset);
                cutTail(segment, offset);
                dropUnused(index + 1);
                break;
            }
            index++;
            if (index < segments.size()) {
                offset = Segment.HEADER_BYTES;
            }
        }
        if (segments.isEmpty()) {
            requireMarked(null, RecordFormat.place(firstNumber, Segment.HEADER_BYTES), false);
        }
        return new Found(segments, firstNumber, offset, sealed);
    }

    /** What a compaction did not bring to its end; the segment itself is still there. */
    private void dropHalfWritten() throws IOException {
        for (String name : disk.list()) {
            if (name.endsWith(Segment.REWRITE_SUFFIX)) {
                disk.delete(name);
                disk.syncFolder();
            }
        }
    }

    /** The index never is ahead of the sync, so what it covers last must be there. */
    private void requireCovered(Covered covered, int index) {
        if (covered.end() != 0) {
            RecordBytes last = segments.get(index).record(RecordFormat.offsetOf(covered.lastPlace()));
            if (last.end() != covered.end() || last.identity() != covered.lastIdentity()) {
                throw new CorruptLogException("the index covers another record than the one in segment "
                        + RecordFormat.segmentOf(last.place()) + " at offset " + RecordFormat.offsetOf(last.place())
                        + ": it was left beside segments of another history of this log. Delete the folder index, and"
                        + " it is built anew.");
            }
        }
    }

    private void requireNext(long firstNumber, String name) {
        long expected = firstNumber + segments.size();
        if (Segment.numberOf(name) != expected) {
            throw new CorruptLogException("file " + Segment.name(expected) + " is missing: " + name + " is there");
        }
    }

    /** @return whether the segment's seal was reached */
    private static boolean replay(SegmentScanner scanner, Consumer<RecordBytes> replay) {
        for (RecordBytes record = scanner.next(); record != null; record = scanner.next()) {
            if (record.kind() == RecordFormat.Kind.SEAL) {
                return true;
            }
            if (record.kind() != RecordFormat.Kind.REMOVED) {
                replay.accept(record);
            }
        }
        return false;
    }

    /** @param goesOn whether another segment follows, where the rest may be */
    private void requireMarked(SegmentScanner scanner, long end, boolean goesOn) {
        if (mark > end && !goesOn) {
            String names = scanner == null ? "" : scanner.damagedNames();
            throw CorruptLogException.at(
                    end,
                    "no intact record is here" + names + ", although the log was durable up to segment "
                            + RecordFormat.segmentOf(mark) + " offset " + RecordFormat.offsetOf(mark) + " (file "
                            + DurableMark.FILE + ")");
        }
    }

    private static void requirePlain(Segment segment, long offset) {
        if (segment.isPacked()) {
            throw CorruptLogException.at(
                    RecordFormat.place(segment.number(), offset),
                    "no intact record is here, in a segment that was sealed");
        }
    }

    private void requireNothingDurableBehind(int index, long offset) {
        Segment segment = segments.get(index);
        long end = RecordFormat.place(segment.number(), offset);
        SegmentScanner scanner = new SegmentScanner(segment, offset, segment.bytes());
        String names = scanner.damagedNames();
        for (RecordBytes witness = sought(scanner); witness != null; witness = nextOrSought(scanner)) {
            if (witness.groupStart() > end) {
                throw damaged(end, names, witness.place());
            }
        }
        for (Segment later : segments.subList(index + 1, segments.size())) {
            scanner = new SegmentScanner(later, Segment.HEADER_BYTES, later.bytes());
            RecordBytes witness = scanner.next();
            if (witness != null || scanner.seekIntact()) {
                throw damaged(end, names, RecordFormat.place(later.number(), scanner.offset()));
            }
        }
    }

    /** The record at the scanner's offset, or the next intact one behind it; null if there is none. */
    private static RecordBytes nextOrSought(SegmentScanner scanner) {
        RecordBytes next = scanner.next();
        return next != null ? next : sought(scanner);
    }

    private static RecordBytes sought(SegmentScanner scanner) {
        return scanner.seekIntact() ? scanner.next() : null;
    }

    private static CorruptLogException damaged(long place, String names, long witness) {
        return CorruptLogException.at(
                place,
                "no intact record is here" + names + ", although segment " + RecordFormat.segmentOf(witness)
                        + " offset " + RecordFormat.offsetOf(witness) + " shows that one was durable");
    }

    private void cutTail(Segment segment, long offset) throws IOException {
        SegmentScanner scanner = new SegmentScanner(segment, offset, segment.bytes());
        long dirty = scanner.firstNonZero(offset);
        if (dirty < segment.bytes()) {
            LOG.info(
                    "cut what no whole record is behind segment {} offset {}: {}",
                    segment.number(),
                    offset,
                    mark == 0
                            ? "whether it was answered is not known, for nothing says how far the log was durable; a"
                                    + " client that was answered finds out by sequence-gap or log-diverged"
                            : "it was not answered if the process ended; if the machine went down, the last group may"
                                    + " have been, and its clients find out by sequence-gap or log-diverged");
            segment.zeroFrom(offset);
        }
    }

    /** Segments that were prepared and hold nothing. */
    private void dropUnused(int from) throws IOException {
        while (segments.size() > from) {
            Segment unused = segments.removeLast();
            unused.close();
            disk.delete(Segment.name(unused.number()));
        }
        disk.syncFolder();
    }
}
