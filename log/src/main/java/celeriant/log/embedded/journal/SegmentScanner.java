package celeriant.log.embedded.journal;

import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Goes through the records of a segment from one offset to another, checking each, through a window of bounded size.
 * What it hands out is valid until the next call. Confined to one thread.
 */
public final class SegmentScanner {
    private static final int WINDOW_BYTES = 256 << 10;
    private static final byte[] ZEROS = new byte[WINDOW_BYTES];

    private final Segment segment;
    private final long end;
    private byte[] window;
    private long windowAt;
    private int windowBytes;
    private long offset;

    public SegmentScanner(Segment segment, long from, long end) {
        this.segment = segment;
        this.offset = from;
        this.end = Math.min(end, segment.bytes());
        this.window = new byte[(int) Math.min(WINDOW_BYTES, Math.max(RecordFormat.HEAD_BYTES, this.end - from))];
    }

    /** Where the next record begins, or what is none. */
    public long offset() {
        return offset;
    }

    /** The next record, or null at the end and where there is no intact record: {@link #offset} says where. */
    public RecordBytes next() {
        int length = lengthAt(offset);
        if (!RecordFormat.isLength(length) || offset + length > end) {
            return null;
        }
        load(offset, length);
        RecordBytes record = segment.recordIn(window, (int) (offset - windowAt), length, offset);
        if (record != null) {
            offset += length;
        }
        return record;
    }

    /** What the bytes at the offset, which are no intact record, belonged to; empty if that cannot be read. */
    public String damagedNames() {
        int length = lengthAt(offset);
        if (!RecordFormat.isLength(length) || offset + length > end) {
            return "";
        }
        load(offset, length);
        return DamagedRecord.names(new RecordBytes(
                window, (int) (offset - windowAt), length, RecordFormat.place(segment.number(), offset)));
    }

    /** Moves on to the next intact record behind the offset, past whatever is there; false if there is none. */
    boolean seekIntact() {
        for (long at = past(offset); at < end; at = past(at)) {
            int length = lengthAt(at);
            if (!RecordFormat.isLength(length) || at + length > end || !mayBegin(at)) {
                continue;
            }
            load(at, length);
            if (segment.recordIn(window, (int) (at - windowAt), length, at) != null) {
                offset = at;
                return true;
            }
        }
        return false;
    }

    /** The next place behind one where a record may begin: none begins with zeros. */
    private long past(long at) {
        long next = at + RecordFormat.ALIGNMENT;
        long zeros = firstNonZero(next) - next;
        return next + zeros / RecordFormat.ALIGNMENT * RecordFormat.ALIGNMENT;
    }

    /** The first offset from {@code from} on that does not hold zero, or the end. */
    long firstNonZero(long from) {
        long at = from;
        while (at < end) {
            load(at, 1);
            int first = (int) (at - windowAt);
            int count = (int) Math.min(ZEROS.length, Math.min(windowBytes - first, end - at));
            int zeros = Arrays.mismatch(window, first, first + count, ZEROS, 0, count);
            if (zeros >= 0) {
                return at + zeros;
            }
            at += count;
        }
        return end;
    }

    private boolean mayBegin(long at) {
        load(at, RecordFormat.HEAD_BYTES);
        return RecordFormat.mayBegin(window, (int) (at - windowAt));
    }

    private int lengthAt(long at) {
        if (at + RecordFormat.HEAD_BYTES > end) {
            return 0;
        }
        load(at, Integer.BYTES);
        int start = (int) (at - windowAt);
        return (window[start] & 0xFF) << 24
                | (window[start + 1] & 0xFF) << 16
                | (window[start + 2] & 0xFF) << 8
                | window[start + 3] & 0xFF;
    }

    private void load(long at, int count) {
        if (at >= windowAt && at + count <= windowAt + windowBytes) {
            return;
        }
        if (count > window.length) {
            window = new byte[count];
        }
        try {
            int wanted = (int) Math.min(window.length, segment.bytes() - at);
            windowBytes = segment.read(ByteBuffer.wrap(window, 0, wanted), at);
            windowAt = at;
        } catch (IOException e) {
            throw new UncheckedIOException("reading segment " + segment.number() + " at " + at, e);
        }
        if (windowBytes < count) {
            throw CorruptLogException.at(RecordFormat.place(segment.number(), at), "the file is shorter than it was");
        }
    }
}
