package celeriant.log.embedded.index;

import celeriant.log.Measures;
import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.heads.HeadCache;
import celeriant.log.embedded.heads.KeyedHash;
import celeriant.model.AggregateId;
import java.util.Arrays;

/**
 * The writer's way to an aggregate's entry: what it needs for every append, without a look into the store. What the
 * latest records did is in the {@link Recent}s, which are asked first; the cache is told of it when they are written to
 * the store, so it is never ahead, and what it is behind with is in front of it. What it has not comes from the index.
 * {@link StoredHeads} fills it when the log is opened, or, where the store has not kept all heads, a {@link HeadWarmup}
 * that reads all aggregates behind the start. From then on, as long as nothing had to be forgotten, what is not here
 * does not exist. Confined to the writer thread (to the one that opens the log before that), but for what the warm-up
 * and the thread that writes the store call.
 */
public final class KnownHeads {
    private static final int LOOKED_AT = 1 << 10;

    /** What a decision found here, for its record, which is applied soon. */
    private record LookedAt(String org, AggregateId aggregate, AggregateEntry entry) {
        boolean isOf(String otherOrg, AggregateId other) {
            return aggregate.equals(other) && org.equals(otherOrg);
        }
    }

    private final LookedAt[] lookedAt = new LookedAt[LOOKED_AT];
    /** It has all that was changed since then. */
    private Recent lookedAtSince;

    private final Index index;
    private final HeadCache cache;
    private final StoredHeads stored;
    private final KeyedHash names;
    private volatile boolean isWarm;
    private volatile long lookups;

    /** @param stored of the same cache */
    public KnownHeads(Index index, HeadCache cache, StoredHeads stored) {
        this.index = index;
        this.cache = cache;
        this.stored = stored;
        this.names = stored.names();
        this.isWarm = stored.isComplete();
    }

    /** Null if it never existed. */
    public AggregateEntry entry(String org, AggregateId aggregate) {
        AggregateEntry recent = index.recentEntry(org, aggregate);
        if (recent != null) {
            return recent.head().version() == 0 ? null : recent;
        }
        forgetUnlessSince(index.recents().current());
        int at = aggregate.hashCode() & LOOKED_AT - 1;
        LookedAt before = lookedAt[at];
        if (before != null && before.isOf(org, aggregate)) {
            return before.entry;
        }
        AggregateEntry found = look(org, aggregate);
        lookedAt[at] = new LookedAt(org, aggregate, found);
        return found;
    }

    private void forgetUnlessSince(Recent current) {
        if (lookedAtSince != current) {
            Arrays.fill(lookedAt, null);
            lookedAtSince = current;
        }
    }

    private AggregateEntry look(String org, AggregateId aggregate) {
        KeyedHash.Hash name = names.of(IndexKeys.aggregate(org, aggregate));
        boolean hasAll = isWarm;
        AggregateEntry known = cache.get(name);
        if (known != null && known != HeadCache.ELSEWHERE) {
            return known;
        }
        if (known == null && hasAll && !cache.hasForgotten(name)) {
            return null;
        }
        lookups = lookups + 1;
        AggregateEntry found = index.aggregateEntry(org, aggregate);
        if (known == null && found != null) {
            cache.put(name, found);
        }
        return found;
    }

    /** Takes what is written to the store, before it goes from memory; called by the thread that writes it. */
    void write(Recent frozen, IndexStore.Batch batch) {
        stored.write(frozen, isWarm, batch);
    }

    /** Whether every aggregate of the store is here, or was; any thread. */
    boolean isWarm() {
        return isWarm;
    }

    /**
     * Takes an entry that the store had when the log was opened or later; any thread.
     *
     * @return whether it makes sense to go on
     */
    boolean warm(byte[] key, byte[] value) {
        return cache.putOlder(names.of(key), index.latest(AggregateEntry.of(value)));
    }

    /** The whole store, to the last entry, was given to {@link #warm}; any thread. */
    void warmedUp() {
        isWarm = true;
    }

    /** Any thread. */
    public void show(Measures into) {
        into.gauge("heads", "Aggregates whose heads the writer has in memory.", cache.size());
        into.gauge("heads_bytes", "Memory that these heads take.", cache.bytes());
        into.gauge(
                "heads_complete",
                "1 once all heads were read into memory; stays 0 if they do not fit.",
                isWarm ? 1 : 0);
        into.counter("head_lookups_total", "Heads that the writer had to look up in the index.", lookups);
    }
}
