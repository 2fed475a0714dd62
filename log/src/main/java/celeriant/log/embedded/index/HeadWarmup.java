package celeriant.log.embedded.index;

/**
 * Reads the aggregates of the store for {@link KnownHeads}, in small steps, if opening did not find them all in
 * {@link StoredHeads}: there was no room for them then. It begins when the log is open: what is applied later is told
 * there directly. It gives up once there is no more room. Confined to one thread.
 */
public final class HeadWarmup implements Warmup {
    private static final int STEP = 1024;

    private final KnownHeads heads;
    private final IndexStore.Cursor stored;

    public HeadWarmup(KnownHeads heads, IndexStore store) {
        this.heads = heads;
        this.stored = store.scan(IndexKeys.allAggregatesStart(), IndexKeys.allAggregatesEnd());
    }

    @Override
    public boolean step() {
        if (heads.isWarm()) {
            return false;
        }
        for (int i = 0; i < STEP && stored.isValid(); i++) {
            if (!heads.warm(stored.key(), stored.value())) {
                return false;
            }
            stored.next();
        }
        if (!stored.isValid()) {
            heads.warmedUp();
        }
        return stored.isValid();
    }

    @Override
    public void close() {
        stored.close();
    }
}
