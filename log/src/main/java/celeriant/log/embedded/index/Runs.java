package celeriant.log.embedded.index;

import java.util.List;
import java.util.Map;

/**
 * The runs of an org's merged log in the order of positions: what the store has, then what the recents have. Bounded
 * memory; confined to one thread.
 */
public final class Runs implements AutoCloseable {
    private final List<RecentOrg> recents;
    private final IndexStore.Cursor stored;
    private int recent;
    private long nextPosition;

    /** @param recents the oldest first, none without runs */
    Runs(IndexStore store, String org, List<RecentOrg> recents, long fromPosition) {
        this.recents = recents;
        while (recent + 1 < recents.size() && firstOf(recent + 1) <= fromPosition) {
            recent++;
        }
        boolean inRecents = !recents.isEmpty() && firstOf(recent) <= fromPosition;
        this.nextPosition = inRecents ? recents.get(recent).runs().floorKey(fromPosition) : 0;
        long storedEnd = recents.isEmpty() ? Long.MAX_VALUE : firstOf(0);
        this.stored = inRecents
                ? null
                : store.cursorAtFloor(
                        IndexKeys.merged(org, 0),
                        IndexKeys.merged(org, fromPosition),
                        IndexKeys.merged(org, storedEnd));
    }

    private long firstOf(int index) {
        return recents.get(index).runs().firstKey();
    }

    /** The next run; null at the end. One of the recents may have grown when it is asked for again. */
    public Run next() {
        if (stored != null && stored.isValid()) {
            Run run = Run.of(IndexKeys.positionOf(stored.key()), stored.value());
            stored.next();
            return run;
        }
        while (recent < recents.size()) {
            Map.Entry<Long, Run> entry = recents.get(recent).runs().ceilingEntry(nextPosition);
            if (entry != null) {
                nextPosition = entry.getKey() + 1;
                return entry.getValue();
            }
            recent++;
            nextPosition = 0;
        }
        return null;
    }

    @Override
    public void close() {
        if (stored != null) {
            stored.close();
        }
    }
}
