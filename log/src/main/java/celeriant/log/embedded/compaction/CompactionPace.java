package celeriant.log.embedded.compaction;

import celeriant.log.embedded.system.ThreadRank;
import java.util.function.LongSupplier;

/**
 * Keeps what has time, packing full segments, from taking the processors and the disk from appends and reads: as long
 * as some come in, it rests after every {@link #BYTES_BETWEEN_RESTS}, which leaves it about a seventh of a core and 20
 * MB of journal a second. Counted in bytes, so that it needs no clock; a group that takes long to be synced is why one
 * look at the journal's end is not enough. Confined to one thread.
 */
public final class CompactionPace {
    static final long BYTES_BETWEEN_RESTS = 256 << 10;
    static final long REST_MILLIS = 4;
    /** Of these, about 0.1 ms of work. */
    private static final long BYTES_AT_ONCE = 32 << 10;
    /** Rests after the last append or read was seen. */
    static final int RESTS_AFTER_USE = 64;

    /** Waits; may end early. */
    public interface Rest {
        void rest(long millis);
    }

    private final LongSupplier use;
    private final Rest rest;
    private long seen;
    private long bytes;
    private long bytesAtOnce;
    private int restsLeft;

    /** @param use what rises with every append and every read; for any thread */
    public CompactionPace(LongSupplier use, Rest rest) {
        this.use = use;
        this.rest = rest;
        this.seen = use.getAsLong();
    }

    /** Says that so much more was read or written; rests if it is time to. */
    void worked(long moreBytes) {
        bytes += moreBytes;
        bytesAtOnce += moreBytes;
        if (bytesAtOnce >= BYTES_AT_ONCE) {
            bytesAtOnce = 0;
            ThreadRank.giveWay();
        }
        if (bytes < BYTES_BETWEEN_RESTS) {
            return;
        }
        bytes = 0;
        long now = use.getAsLong();
        if (now != seen) {
            seen = now;
            restsLeft = RESTS_AFTER_USE;
        }
        if (restsLeft > 0) {
            restsLeft--;
            rest.rest(REST_MILLIS);
        }
    }
}
