package celeriant.log.embedded.index;

import celeriant.log.Measures;
import java.util.UUID;

/**
 * The ids of appends without a sequence that the index may have, of the two buckets of days in which it looks for one:
 * an id that comes with an append may be a repeat, is mostly none, and then costs no look-up. Each record that became
 * durable is told here when it is applied; what the store had before comes from an {@link IdWarmup}, and until that has
 * ended every id may be there. Thread-safe.
 */
public final class KnownIds {
    private final long salt;
    private IdFilter ofNewest = new IdFilter();
    private IdFilter ofBefore = new IdFilter();
    private int newest;
    private boolean isComplete;
    private long lookups;

    /** @param salt nobody knows it, so that nobody can send ids that fill the filter unevenly */
    public KnownIds(long salt) {
        this.salt = salt;
    }

    private long hash(UUID id) {
        return mix(mix(id.getMostSignificantBits() ^ salt) + id.getLeastSignificantBits());
    }

    /** Stafford's variant 13 of the finalizer of MurmurHash3. */
    static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    /** An append with this id is, or is about to be, in the index. */
    synchronized void add(int bucket, UUID id) {
        if (bucket > newest) {
            ofBefore = bucket == newest + 1 ? ofNewest : new IdFilter();
            ofNewest = new IdFilter();
            newest = bucket;
        }
        if (bucket == newest) {
            ofNewest.add(hash(id));
        } else if (bucket == newest - 1) {
            ofBefore.add(hash(id));
        }
    }

    /** Whether an append with this id may be in the index; if not, there is none. */
    synchronized boolean mayHave(UUID id) {
        boolean mayHave = !isComplete || has(hash(id));
        lookups += mayHave ? 1 : 0;
        return mayHave;
    }

    private boolean has(long hash) {
        return ofNewest.mayHave(hash) || ofBefore.mayHave(hash);
    }

    /** All that the store had were added. */
    synchronized void complete() {
        isComplete = true;
    }

    /** Any thread. */
    public synchronized void show(Measures into) {
        into.gauge(
                "id_filter_bytes",
                "Memory of the filter of ids of appends without a sequence.",
                ofNewest.bytes() + ofBefore.bytes());
        into.counter(
                "id_lookups_total",
                "Ids of appends without a sequence that had to be looked up: repeats, and what the filter took for"
                        + " one.",
                lookups);
    }
}
