package celeriant.log.embedded.index;

import celeriant.log.embedded.heads.HeadCache;
import celeriant.log.embedded.heads.HeadLoader;
import celeriant.log.embedded.heads.KeyedHash;
import celeriant.log.embedded.heads.PackedHeads;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/**
 * The heads of a {@link HeadCache} as the store keeps them beside its own entries: packed, thousands in a value, so
 * that opening reads them all. Names are in {@link HeadCache#GROUPS groups}; of a group there is the whole as it once
 * was, and behind it what each batch changed. A batch writes what it changed, and some groups anew whose changes are a
 * quarter of the whole by now. It is the batch whose records they are of, so what a crash leaves is exactly as old as
 * the rest of the index. Of a group that the cache had to forget something of, nothing is kept once its turn comes.
 *
 * <p>Read by the thread that opens the log; after that confined to the one that writes the store.
 */
public final class StoredHeads {
    /** Heads that a batch writes anew, but for the last group. */
    private static final long RENEWED_BYTES_MAX = 4L << 20;

    private static final int READERS_MAX = 4;

    /** Has room for the whole of a group of 10 million heads, and for its changes. */
    private static final long READER_BYTES = 4L << 20;

    /**
     * Changes are this part of the whole at most. Put in one by one they take an opening ten times as long as a whole
     * does, and a whole that is written anew costs as much as its bytes.
     */
    private static final int CHANGES_PART = 4;

    /** Changes that are not worth putting together. */
    private static final long CHANGES_BYTES_MIN = 256;

    /** What the store has of a group. */
    private static final class StoredGroup {
        private final List<byte[]> keys = new ArrayList<>();
        private boolean isWhole;
        private long wholeBytes;
        private long changesBytes;

        void add(byte[] key, boolean isWholeGroup, long headBytes) {
            keys.add(key);
            if (isWholeGroup) {
                isWhole = true;
                wholeBytes = headBytes;
                changesBytes = 0;
            } else {
                changesBytes += headBytes;
            }
        }

        boolean isDue() {
            return !isWhole || changesBytes > wholeBytes / CHANGES_PART + CHANGES_BYTES_MIN;
        }

        void removeFrom(IndexStore.Batch batch) {
            keys.forEach(batch::delete);
            keys.clear();
            isWhole = false;
        }
    }

    private final HeadCache cache;
    private final StoredGroup[] groups = new StoredGroup[HeadCache.GROUPS];
    private final byte[] namesKey;
    private final KeyedHash names;
    private final boolean isComplete;
    private boolean namesKeyIsStored;
    private int nextRenewed;

    /** @param random gives the key of the names' hash to a new index */
    public StoredHeads(IndexStore store, HeadCache cache, LongSupplier random) {
        this.cache = cache;
        for (int i = 0; i < groups.length; i++) {
            groups[i] = new StoredGroup();
        }
        byte[] stored = store.value(IndexKeys.namesKey());
        this.namesKeyIsStored = stored != null;
        this.namesKey = stored != null ? stored : newKey(random);
        ByteBuffer key = ByteBuffer.wrap(namesKey);
        this.names = new KeyedHash(key.getLong(), key.getLong());
        this.isComplete = store.value(IndexKeys.covered()) == null || stored != null && load(store);
    }

    private static byte[] newKey(LongSupplier random) {
        return ByteBuffer.allocate(Long.BYTES * 2)
                .putLong(random.getAsLong())
                .putLong(random.getAsLong())
                .array();
    }

    /** Hashes the keys that the store has of aggregates, with a key that nobody knows. */
    KeyedHash names() {
        return names;
    }

    /** Whether every aggregate of the store was read into the cache. */
    boolean isComplete() {
        return isComplete;
    }

    private boolean load(IndexStore store) {
        int readers = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, READERS_MAX);
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int i = 1; i < readers; i++) {
            int from = groups.length * i / readers;
            int to = groups.length * (i + 1) / readers;
            others.add(CompletableFuture.runAsync(() -> load(store, from, to)));
        }
        try {
            load(store, 0, groups.length / readers);
        } finally {
            // However they end: the store may be closed next.
            others.forEach(reader -> reader.exceptionally(failure -> null).join());
        }
        others.forEach(StoredHeads::await);
        boolean hasAll = true;
        for (StoredGroup group : groups) {
            hasAll &= group.isWhole;
        }
        return hasAll;
    }

    private static void await(CompletableFuture<Void> reading) {
        try {
            reading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Groups have nothing in common: each reader has its own. */
    private void load(IndexStore store, int from, int to) {
        try (IndexStore.Cursor all = store.scan(IndexKeys.heads(from, 0), IndexKeys.heads(to, 0));
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(READER_BYTES);
            HeadLoader loader = new HeadLoader(cache, arena, READER_BYTES);
            for (; all.isValid(); all.next()) {
                MemorySegment packed = all.value(buffer);
                int number = IndexKeys.groupOf(all.key());
                StoredGroup group = groups[number];
                group.add(all.key(), PackedHeads.isGroup(packed), PackedHeads.headBytes(packed));
                if (group.isWhole) {
                    loader.add(number, packed);
                }
            }
            loader.end();
        }
    }

    /**
     * Puts what is written to the store into the cache, and what is kept of it into the batch.
     *
     * @param hasAll whether the cache has every aggregate of the store, but for those that it forgot
     */
    void write(Recent frozen, boolean hasAll, IndexStore.Batch batch) {
        if (!namesKeyIsStored) {
            batch.put(IndexKeys.namesKey(), namesKey);
            namesKeyIsStored = true;
        }
        PackedHeads[] changes = take(frozen);
        long left = RENEWED_BYTES_MAX;
        int first = nextRenewed;
        for (int i = 0; i < groups.length; i++) {
            int number = (first + i) % groups.length;
            StoredGroup group = groups[number];
            if (hasAll && group.isDue() && left > 0) {
                left -= renew(number, frozen.end(), batch);
                nextRenewed = (number + 1) % groups.length;
            } else if (group.isWhole && changes[number] != null) {
                put(number, frozen.end(), false, changes[number], batch);
            }
        }
    }

    private PackedHeads[] take(Recent frozen) {
        PackedHeads[] changes = new PackedHeads[groups.length];
        frozen.orgs()
                .forEach((org, recent) -> recent.aggregates().forEach((id, aggregate) -> {
                    KeyedHash.Hash name = names.of(IndexKeys.aggregate(org, id));
                    cache.put(name, aggregate.entry());
                    int group = HeadCache.groupOf(name);
                    changes[group] = changes[group] == null ? PackedHeads.changes() : changes[group];
                    changes[group].add(name, aggregate.entry());
                }));
        return changes;
    }

    /** @return bytes that were written */
    private long renew(int number, long end, IndexStore.Batch batch) {
        groups[number].removeFrom(batch);
        PackedHeads whole = cache.pack(number);
        if (whole == null) {
            return 0;
        }
        put(number, end, true, whole, batch);
        return whole.headBytes();
    }

    private void put(int number, long end, boolean isWhole, PackedHeads heads, IndexStore.Batch batch) {
        byte[] key = IndexKeys.heads(number, end);
        batch.put(key, heads.bytes());
        groups[number].add(key, isWhole, heads.headBytes());
    }
}
