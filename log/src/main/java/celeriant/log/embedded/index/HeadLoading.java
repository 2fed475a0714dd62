package celeriant.log.embedded.index;

import celeriant.log.embedded.heads.HeadCache;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Puts stored heads into the cache, a group at a time, on the threads of the machine and, when they have enough to do,
 * on the one that reads: groups have nothing in common. Confined to that thread; closing it waits until all are in the
 * cache.
 */
final class HeadLoading implements AutoCloseable {
    /** Groups that wait in memory. */
    private static final int WAITING_MAX = 4;

    private final HeadCache cache;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private List<byte[]> group = new ArrayList<>();
    private int number;

    HeadLoading(HeadCache cache) {
        this.cache = cache;
    }

    /** Takes the next value, in the order of groups, the older before the newer. */
    void add(int groupNumber, byte[] packed) {
        if (groupNumber != number) {
            begin();
            number = groupNumber;
        }
        group.add(packed);
    }

    private void begin() {
        List<byte[]> values = group;
        int ofGroup = number;
        Runnable loading = () -> values.forEach(packed -> cache.load(ofGroup, packed));
        group = new ArrayList<>();
        waiting.removeIf(CompletableFuture::isDone);
        if (waiting.size() < WAITING_MAX) {
            waiting.add(CompletableFuture.runAsync(loading));
        } else {
            loading.run();
        }
    }

    @Override
    public void close() {
        begin();
        waiting.forEach(CompletableFuture::join);
    }
}
