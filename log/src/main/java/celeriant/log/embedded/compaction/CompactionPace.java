package celeriant.log.embedded.compaction;

import java.util.function.LongSupplier;

/**
 * Keeps what has time, packing full segments, from taking the processors and the disk from appends: as long as some
 * come in, it rests after every {@link #BYTES_BETWEEN_RESTS}, which leaves it about a seventh of a core and 20 MB of
 * journal a second. Counted in bytes, so that it needs no clock; a group that takes long to be synced is why one look
 * at the journal's end is not enough. Confined to one thread.
 */
public final class CompactionPace {
    static final long BYTES_BETWEEN_RESTS = 256 << 10;
    static final long REST_MILLIS = 4;
    /** Rests after the last append was seen. */
    static final int RESTS_AFTER_APPEND = 64;

    /** Waits; may end early. */
    public interface Rest {
        void rest(long millis);
    }

    private final LongSupplier journalEnd;
    private final Rest rest;
    private long seenEnd;
    private long bytes;
    private int restsLeft;

    /** @param journalEnd what moves with every append; for any thread */
    public CompactionPace(LongSupplier journalEnd, Rest rest) {
        this.journalEnd = journalEnd;
        this.rest = rest;
        this.seenEnd = journalEnd.getAsLong();
    }

    /** Says that so much more was read or written; rests if it is time to. */
    void worked(long moreBytes) {
        bytes += moreBytes;
        if (bytes < BYTES_BETWEEN_RESTS) {
            return;
        }
        bytes = 0;
        long end = journalEnd.getAsLong();
        if (end != seenEnd) {
            seenEnd = end;
            restsLeft = RESTS_AFTER_APPEND;
        }
        if (restsLeft > 0) {
            restsLeft--;
            rest.rest(REST_MILLIS);
        }
    }
}
