package celeriant.log.embedded.compaction;

import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.RecentAggregate;
import celeriant.model.AggregateId;
import java.util.HashMap;
import java.util.Map;

/**
 * What the index says is past: events below an aggregate's first version, but for those that a register still stands
 * for, and snapshots that were replaced or dropped. None of it comes back: versions only go up.
 *
 * <p>An event that clears a register may go only when all older values of that register are gone; else an index that is
 * built anew would bring an old value back. A compaction goes through the segments from the oldest on, so they are gone
 * by then, unless the aggregate was trimmed after it began.
 *
 * <p>For one compaction, confined to its thread.
 */
public final class IndexedRemovable implements Removable {
    private static final int KNOWN_MAX = 10_000;

    private record Named(String org, AggregateId aggregate) {}

    private final Index index;
    private final Map<Named, AggregateEntry> known = new HashMap<>();

    private boolean leavesSome;

    public IndexedRemovable(Index index) {
        this.index = index;
    }

    /** Whether something had to stay that the next compaction can remove. */
    public boolean leavesSome() {
        return leavesSome;
    }

    @Override
    public boolean event(String org, AggregateId aggregate, long version, String key, boolean clears) {
        AggregateEntry entry = entry(org, aggregate);
        if (entry == null || version >= entry.head().firstVersion()) {
            return false;
        }
        if (key == null || version < entry.head().createdVersion()) {
            return true;
        }
        if (clears) {
            boolean stays = index.discardWatch().wasDiscarded(org, aggregate);
            leavesSome |= stays;
            return !stays;
        }
        RecentAggregate.RegisterPlace set = index.register(org, aggregate, entry, key);
        return set == null || set.version() != version;
    }

    @Override
    public boolean snapshot(String org, AggregateId aggregate, long place) {
        AggregateEntry entry = index.aggregateEntry(org, aggregate);
        return entry == null || entry.snapshotPlace() != place;
    }

    /** An older one than the index has only keeps more. */
    private AggregateEntry entry(String org, AggregateId aggregate) {
        Named name = new Named(org, aggregate);
        AggregateEntry entry = known.get(name);
        if (entry == null) {
            if (known.size() >= KNOWN_MAX) {
                known.clear();
            }
            entry = index.aggregateEntry(org, aggregate);
            known.put(name, entry);
        }
        return entry;
    }
}
