package celeriant.log.embedded.record;

import celeriant.model.AggregateId;

/**
 * Bytes that were durable are not what was written: a disk, a file system or a hand changed them. They are never served
 * as data. The message names the file, the offset, and what it belongs to as far as that can still be read.
 */
public final class CorruptLogException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CorruptLogException(String message) {
        super(message);
    }

    public CorruptLogException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same, with what was read when it was met. */
    public CorruptLogException whileReading(String org, AggregateId aggregate) {
        return new CorruptLogException("reading " + aggregate + " of org " + org + ": " + getMessage(), this);
    }

    public static CorruptLogException at(long place, String what) {
        return new CorruptLogException("segment " + RecordFormat.segmentOf(place) + " offset "
                + RecordFormat.offsetOf(place) + ": " + what + ". Restore the folder from a backup; 'celeriant verify'"
                + " lists every damaged record.");
    }
}
