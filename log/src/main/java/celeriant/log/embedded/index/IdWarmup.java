package celeriant.log.embedded.index;

/**
 * Reads the ids of appends of the store for {@link KnownIds}. It begins when the log is open: what is applied later is
 * told there directly. Confined to one thread.
 */
public final class IdWarmup implements Warmup {
    private static final int STEP = 1024;

    private final KnownIds ids;
    private final IndexStore.Cursor stored;

    public IdWarmup(Index index) {
        this.ids = index.ids();
        int oldest = Math.max(0, index.newestBucket() - 1);
        this.stored = index.store().scan(IndexKeys.appendIdsStart(oldest), IndexKeys.appendIdsStart(Integer.MAX_VALUE));
    }

    @Override
    public boolean step() {
        for (int i = 0; i < STEP && stored.isValid(); i++) {
            byte[] key = stored.key();
            ids.add(IndexKeys.bucketOf(key), IndexKeys.idOf(key));
            stored.next();
        }
        if (!stored.isValid()) {
            ids.complete();
        }
        return stored.isValid();
    }

    @Override
    public void close() {
        stored.close();
    }
}
