package celeriant.log.embedded.heads;

import celeriant.log.sequencer.AggregateHead;
import java.lang.foreign.MemorySegment;

/** What the index holds of aggregates, by the hash of their names, bounded in bytes. Thread-safe. */
public interface HeadCache extends AutoCloseable {
    /** Stands for an entry that has no place here: the aggregate is known, and the index says the rest. */
    AggregateEntry ELSEWHERE = new AggregateEntry(AggregateHead.ABSENT, 0, 0);

    /** Names are in so many groups, by the first bits of their hash. */
    int GROUPS = 256;

    static int groupOf(KeyedHash.Hash name) {
        return (int) (name.high() >>> Long.SIZE - Integer.numberOfTrailingZeros(GROUPS));
    }

    /** What is here of an aggregate: its entry, {@link #ELSEWHERE}, or null. */
    AggregateEntry get(KeyedHash.Hash name);

    /** Keeps the entry instead of the one before, or forgets another if there is no room. */
    void put(KeyedHash.Hash name, AggregateEntry entry);

    /**
     * Keeps an entry that may be older than what was put, unless there is one; and nothing where one was forgotten,
     * which may have been newer.
     *
     * @return whether it, or a newer one, is here
     */
    boolean putOlder(KeyedHash.Hash name, AggregateEntry entry);

    /** Whether it ever forgot one, which may have been this. */
    boolean hasForgotten(KeyedHash.Hash name);

    /** All that is here of a group; null if something of it was forgotten. */
    PackedHeads pack(int group);

    /**
     * Puts in what was packed of a group, the changes over the whole.
     *
     * @param whole empty where it is here already
     * @param changes some, one behind the other, or empty
     */
    void load(int group, MemorySegment whole, MemorySegment changes);

    /** How many are here. */
    long size();

    /** Memory that it takes. */
    long bytes();

    @Override
    void close();
}
