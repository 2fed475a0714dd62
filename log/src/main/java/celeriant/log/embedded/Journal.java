package celeriant.log.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The truth: segments in a row, records in the order of the log. Written and rolled over by the writer thread alone, one
 * group at a time and never the next before the last is synced; read by any.
 */
final class Journal implements AutoCloseable {
    private final ConcurrentNavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    private final SegmentSource source;
    private final ByteWriter sealRecord = new ByteWriter();
    private Segment active;
    private long offset;

    /**
     * @param found what {@link Recovery} left: every segment up to the active one
     * @param offset where the active one goes on
     */
    Journal(Iterable<Segment> found, long offset, SegmentSource source) {
        for (Segment segment : found) {
            segments.put(segment.number(), segment);
        }
        this.active = segments.lastEntry().getValue();
        this.offset = offset;
        this.source = source;
    }

    /** Where the next group starts. */
    long end() {
        return RecordFormat.place(active.number(), offset);
    }

    /** Bytes that the next group may take before the segment must be rolled over. */
    long room() {
        return active.room(offset);
    }

    /** Whether nothing is in the active segment yet. */
    boolean isAtSegmentStart() {
        return offset == Segment.HEADER_BYTES;
    }

    /** Writes a group of records, complete but for their checks, at the end and makes it durable. */
    void write(ByteBuffer group) throws IOException {
        for (int at = 0; at < group.limit(); at += group.getInt(at)) {
            RecordFormat.seal(group, at, group.getInt(at), active.salt(), offset + at);
        }
        int length = group.remaining();
        active.write(group, offset);
        active.force();
        offset += length;
    }

    /** Seals the active segment and goes on in the next, which has at least so much room. */
    void roll(long nowMillis, long roomWanted) throws IOException {
        sealRecord.clear();
        RecordEncoder.encodeSeal(sealRecord, nowMillis);
        write(sealRecord.view());
        active = source.take(active.number() + 1, roomWanted);
        segments.put(active.number(), active);
        offset = Segment.HEADER_BYTES;
    }

    /** The record at a place, where one must be. */
    RecordBytes record(long place) {
        return segment(place).record(RecordFormat.offsetOf(place));
    }

    /** Goes through the records from a place on, so many bytes. */
    SegmentScanner scan(long place, long bytes) {
        long from = RecordFormat.offsetOf(place);
        return new SegmentScanner(segment(place), from, from + bytes);
    }

    private Segment segment(long place) {
        Segment segment = segments.get(RecordFormat.segmentOf(place));
        if (segment == null) {
            throw CorruptLogException.at(place, "the segment's file is missing");
        }
        return segment;
    }

    @Override
    public void close() throws IOException {
        source.close();
        for (Segment segment : segments.values()) {
            segment.close();
        }
    }
}
