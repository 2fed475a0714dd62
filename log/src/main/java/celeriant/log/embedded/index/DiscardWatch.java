package celeriant.log.embedded.index;

import celeriant.model.AggregateId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which aggregates were trimmed or deleted since a compaction began: what it decided about the older segments was
 * decided before that. The writer thread starts it and notes each before it applies it; one other thread asks.
 */
public final class DiscardWatch {
    /** More than that, and all count as discarded: what may stay longer stays longer. */
    private static final int AGGREGATES_MAX = 100_000;

    private record Discarded(String org, AggregateId aggregate) {}

    private volatile Set<Discarded> watched;
    private volatile long count;

    /** Called by the writer thread before the index shows it. */
    void note(String org, AggregateId aggregate) {
        count++;
        Set<Discarded> now = watched;
        if (now != null && now.size() < AGGREGATES_MAX) {
            now.add(new Discarded(org, aggregate));
        }
    }

    /** Forgets what was before; the index shows all of it. @return how many were noted so far */
    public long start() {
        watched = ConcurrentHashMap.newKeySet();
        return count;
    }

    public void stop() {
        watched = null;
    }

    /** How many trims and deletes were noted since the log was opened. */
    public long count() {
        return count;
    }

    /** Whether the index may show a trim or delete of it that it did not show at the start. */
    public boolean wasDiscarded(String org, AggregateId aggregate) {
        Set<Discarded> now = watched;
        return now == null || now.size() >= AGGREGATES_MAX || now.contains(new Discarded(org, aggregate));
    }
}
