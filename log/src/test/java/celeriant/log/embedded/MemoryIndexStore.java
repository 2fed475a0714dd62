package celeriant.log.embedded;

import celeriant.log.embedded.index.IndexStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;

/** The index's store in memory: a crash leaves what was flushed and some of the batches after it, in their order. */
final class MemoryIndexStore implements IndexStore {
    private interface Change {
        void apply(NavigableMap<byte[], byte[]> entries);
    }

    private final ConcurrentSkipListMap<byte[], byte[]> now = new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private final TreeMap<byte[], byte[]> flushed = new TreeMap<>(Arrays::compareUnsigned);
    private final List<List<Change>> unflushed = new ArrayList<>();

    /** What a machine finds that starts again. */
    MemoryIndexStore afterCrash(RandomGenerator random) {
        MemoryIndexStore after = new MemoryIndexStore();
        after.flushed.putAll(flushed);
        int kept = random.nextInt(unflushed.size() + 1);
        unflushed.subList(0, kept).forEach(batch -> batch.forEach(change -> change.apply(after.flushed)));
        after.now.putAll(after.flushed);
        return after;
    }

    /** How many entries of a table there are. */
    long count(char table) {
        return now.keySet().stream().filter(key -> key[0] == table).count();
    }

    @Override
    public byte[] value(byte[] key) {
        return now.get(key);
    }

    @Override
    public Cursor cursor(byte[] from, byte[] to) {
        return new MapCursor(from, to);
    }

    /** As it is now, whatever is written while it is walked. */
    @Override
    public Cursor scan(byte[] from, byte[] to) {
        MemoryIndexStore copy = new MemoryIndexStore();
        copy.now.putAll(now);
        return copy.cursor(from, to);
    }

    @Override
    public Cursor cursorAtFloor(byte[] lowest, byte[] from, byte[] to) {
        byte[] floor = now.floorKey(from);
        boolean inside = floor != null && Arrays.compareUnsigned(floor, lowest) >= 0;
        return new MapCursor(inside ? floor : from, to);
    }

    @Override
    public Batch batch() {
        return new MemoryBatch();
    }

    @Override
    public void flush(boolean wait) {
        unflushed.clear();
        flushed.clear();
        flushed.putAll(now);
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private final class MapCursor implements Cursor {
        private final byte[] to;
        private Map.Entry<byte[], byte[]> entry;

        MapCursor(byte[] from, byte[] to) {
            this.to = to;
            seek(from);
        }

        private void become(Map.Entry<byte[], byte[]> found) {
            entry = found != null && Arrays.compareUnsigned(found.getKey(), to) < 0 ? found : null;
        }

        @Override
        public boolean isValid() {
            return entry != null;
        }

        @Override
        public void next() {
            become(now.higherEntry(entry.getKey()));
        }

        @Override
        public void seek(byte[] key) {
            become(now.ceilingEntry(key));
        }

        @Override
        public byte[] key() {
            return entry.getKey();
        }

        @Override
        public byte[] value() {
            return entry.getValue();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private final class MemoryBatch implements Batch {
        private final List<Change> changes = new ArrayList<>();

        @Override
        public void put(byte[] key, byte[] value) {
            changes.add(entries -> entries.put(key, value));
        }

        @Override
        public void delete(byte[] key) {
            changes.add(entries -> entries.remove(key));
        }

        @Override
        public void deleteRange(byte[] from, byte[] to) {
            changes.add(entries -> entries.subMap(from, true, to, false).clear());
        }

        @Override
        public void write() {
            changes.forEach(change -> change.apply(now));
            unflushed.add(changes);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
