package celeriant.log.embedded.journal;

import celeriant.log.embedded.disk.DiskStall;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordEncoder;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The truth: segments in a row, records in the order of the log. The writer thread alone says what comes where and
 * rolls over; one group is written at a time, and never the next before the last is synced; read by any.
 */
public final class Journal implements AutoCloseable {
    /** Full segments that may wait to be packed without being read from the disk for it. */
    static final int SEALED_IN_CACHE = 4;

    private final ConcurrentNavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    private final SegmentSource source;
    private final DurableMark mark;
    private final ByteWriter sealRecord = new ByteWriter();
    private Segment active;
    private long offset;
    private volatile long durableEnd;

    private Journal(SegmentSource source, DurableMark mark) {
        this.source = source;
        this.mark = mark;
    }

    /** Goes on where {@link Recovery} found the end. */
    public static Journal continuing(Recovery.Found found, SegmentSource source, DurableMark mark) throws IOException {
        Journal journal = new Journal(source, mark);
        for (Segment segment : found.segments()) {
            journal.segments.put(segment.number(), segment);
        }
        if (found.segments().isEmpty() || found.sealed()) {
            journal.goOnIn(source.take(found.segments().size() + found.firstNumber(), 0));
        } else {
            journal.active = found.segments().getLast();
            journal.offset = found.offset();
            source.prepare(journal.active.number() + 1);
        }
        journal.durableEnd = journal.end();
        return journal;
    }

    private void goOnIn(Segment segment) {
        segments.put(segment.number(), segment);
        active = segment;
        offset = Segment.HEADER_BYTES;
        durableEnd = end();
    }

    /** Where the next group starts. */
    public long end() {
        return RecordFormat.place(active.number(), offset);
    }

    /** Bytes that the next group may take before the segment must be rolled over. */
    public long room() {
        return active.room(offset);
    }

    /** Writes a group of records, complete but for their checks, at the end and makes it durable. */
    public void write(ByteBuffer group) throws IOException {
        begin(group).run();
    }

    /**
     * Gives a group of records, complete but for their checks, its place at the end, where the next one follows. Any
     * one thread may run what this gives back, which makes the group durable, after the same of the group before.
     */
    public DiskStall.DiskWork<Void> begin(ByteBuffer group) {
        Segment segment = active;
        long at = offset;
        offset += group.remaining();
        long end = end();
        return () -> {
            write(group, segment, at, end);
            return null;
        };
    }

    private void write(ByteBuffer group, Segment segment, long offset, long end) throws IOException {
        for (int at = 0; at < group.limit(); at += group.getInt(at)) {
            RecordFormat.seal(group, at, group.getInt(at), segment.salt(), offset + at);
        }
        segment.write(group, offset);
        segment.force();
        mark.write(end);
        durableEnd = end;
    }

    /** Makes a machine that goes down remember how far the journal is durable; when there is nothing else to do. */
    public void syncMark() throws IOException {
        mark.sync();
    }

    /** Seals the active segment and goes on in the next, which has at least so much room. */
    public void roll(long nowMillis, long roomWanted) throws IOException {
        sealRecord.clear();
        RecordEncoder.encodeSeal(sealRecord, nowMillis);
        write(sealRecord.view());
        letGoOfOld();
        goOnIn(source.take(active.number() + 1, roomWanted));
    }

    /**
     * Packing makes way for appends, so what they write in bulk would pile up in the system's cache, where every page
     * that is new costs more than what is written into it: those of a segment that was not packed yet are used again.
     */
    private void letGoOfOld() {
        Segment old = segments.get(active.number() - SEALED_IN_CACHE);
        if (old != null && !old.isPacked()) {
            source.letGo(old.number());
        }
    }

    /** The place up to which everything is durable; for any thread. */
    public long durableEnd() {
        return durableEnd;
    }

    /** How many segments there are; for any thread. */
    public int segmentCount() {
        return segments.size();
    }

    /** Whether the active segment holds a record. */
    public boolean hasActiveRecords() {
        return offset > Segment.HEADER_BYTES;
    }

    /** The segments that are not written any more, the oldest first; for any thread. */
    public Collection<Segment> sealed() {
        return segments.headMap(RecordFormat.segmentOf(durableEnd)).values();
    }

    /** Puts a file with the same records at the same offsets in the place of a sealed segment; for any one thread. */
    public void replace(Segment newer) throws IOException {
        segments.replace(newer.number(), newer).replaceBy(newer);
    }

    /** The record at a place, where one must be. */
    public RecordBytes record(long place) {
        return segment(place).record(RecordFormat.offsetOf(place));
    }

    /** Goes through the records from a place on, so many bytes. */
    public SegmentScanner scan(long place, long bytes) {
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
        mark.close();
        for (Segment segment : segments.values()) {
            segment.close();
        }
    }
}
