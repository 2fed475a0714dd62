package celeriant.log.embedded.index;

import celeriant.log.Measures;
import celeriant.log.embedded.system.NativeHeap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Env;
import org.rocksdb.FlushOptions;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.Priority;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index's store: RocksDB without its log, so that a crash leaves a prefix of the batches. Packed heads have files
 * of their own, see {@link RocksSettings}; a cursor stays among them, or among the other entries.
 */
public final class RocksIndexStore implements IndexStore {
    /** A file that says that damage was met; {@link #open} refuses the index then. */
    public static final String DAMAGED = "DAMAGED";

    private static final Logger LOG = LoggerFactory.getLogger(RocksIndexStore.class);
    private static final long SCAN_AHEAD_BYTES = 1 << 20;

    /** So much is written, about two memtables, until what they left is given back. */
    private static final long BYTES_UNTIL_GIVEN_BACK = 64L << 20;

    /** What the block cache was asked, as it is shown. */
    private enum CacheUse {
        HITS(TickerType.BLOCK_CACHE_HIT, "index_cache_hits_total", "Blocks of the index that were in memory."),
        MISSES(TickerType.BLOCK_CACHE_MISS, "index_cache_misses_total", "Blocks of the index that were not.");

        private final TickerType ticker;
        private final String shown;
        private final String meaning;

        CacheUse(TickerType ticker, String shown, String meaning) {
            this.ticker = ticker;
            this.shown = shown;
            this.meaning = meaning;
        }
    }

    private final RocksDB db;
    private final Path folder;
    private final RocksSettings settings;
    private final List<ColumnFamilyHandle> families;
    private final int[] familyNumbers;
    private final WriteOptions writing;
    private final ReadOptions reading;
    private final ReadOptions scanning;
    private int lastBatchBytes;
    private long bytesSinceGivenBack;

    private RocksIndexStore(RocksDB db, Path folder, RocksSettings settings, List<ColumnFamilyHandle> families) {
        this.db = db;
        this.folder = folder;
        this.settings = settings;
        this.families = families;
        this.familyNumbers =
                families.stream().mapToInt(ColumnFamilyHandle::getID).toArray();
        this.writing = new WriteOptions().setDisableWAL(true);
        this.reading = new ReadOptions();
        this.scanning = new ReadOptions().setFillCache(false).setReadaheadSize(SCAN_AHEAD_BYTES);
    }

    /** @param cacheBytes what its blocks, filters included, and its memtables may take in memory */
    public static RocksIndexStore open(Path folder, long cacheBytes) throws IOException {
        Files.createDirectories(folder);
        if (Files.exists(folder.resolve(DAMAGED))) {
            throw new IOException("the index in " + folder + " was found to be damaged");
        }
        RocksLibrary.load();
        RocksSettings settings = new RocksSettings(cacheBytes);
        // Merging and flushing come after appends; the threads for them are the process's, and all its stores share
        // them.
        Env.getDefault().lowerThreadPoolCPUPriority(Priority.LOW);
        Env.getDefault().lowerThreadPoolCPUPriority(Priority.HIGH);
        List<ColumnFamilyHandle> families = new ArrayList<>();
        try {
            RocksDB db = RocksDB.open(settings.database(), folder.toString(), settings.families(), families);
            return new RocksIndexStore(db, folder, settings, families);
        } catch (RocksDBException e) {
            settings.close();
            throw new IOException("the index in " + folder + " cannot be opened", e);
        }
    }

    /** Removes an index from the disk. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted((a, b) -> b.compareTo(a)).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }

    /** Compaction, a few flushes later: what is due from the last time would take a core from the opening. */
    @Override
    public void beginOwnWork() {
        try {
            for (ColumnFamilyHandle family : families) {
                db.setOptions(
                        family,
                        MutableColumnFamilyOptions.builder()
                                .setDisableAutoCompactions(false)
                                .build());
            }
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void show(Measures into) {
        into.gauge(
                "index_cache_bytes",
                "Memory that the index takes: blocks, and what is not in its files yet.",
                settings.cacheUsage());
        into.gauge("index_disk_bytes", "Size of the index's files.", property("rocksdb.total-sst-files-size"));
        for (CacheUse use : CacheUse.values()) {
            into.counter(use.shown, use.meaning, settings.statistics().getTickerCount(use.ticker));
        }
    }

    private long property(String name) {
        try {
            return db.getAggregatedLongProperty(name);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    private ColumnFamilyHandle familyOf(byte[] key) {
        return families.get(RocksSettings.familyOf(key));
    }

    /** Of its family, as batches name it. */
    private int numberOf(byte[] key) {
        return familyNumbers[RocksSettings.familyOf(key)];
    }

    @Override
    public byte[] value(byte[] key) {
        try {
            return db.get(familyOf(key), reading, key);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public Cursor cursor(byte[] from, byte[] to) {
        RocksIterator iterator = db.newIterator(familyOf(from), reading);
        iterator.seek(from);
        return new RocksCursor(iterator, to);
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        RocksIterator iterator = db.newIterator(familyOf(from), scanning);
        iterator.seek(from);
        return new RocksCursor(iterator, to);
    }

    @Override
    public Cursor cursorAtFloor(byte[] lowest, byte[] from, byte[] to) {
        RocksIterator iterator = db.newIterator(familyOf(from), reading);
        iterator.seekForPrev(from);
        if (!iterator.isValid() || Arrays.compareUnsigned(iterator.key(), lowest) < 0) {
            requireGood(iterator);
            iterator.seek(from);
        }
        return new RocksCursor(iterator, to);
    }

    @Override
    public Batch batch() {
        return new RocksBatch();
    }

    @Override
    public void flush(boolean wait) {
        // Otherwise the call waits, whatever else is said, while level 0 has so many files that writes might be slowed.
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
            db.flush(flush, families);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        reading.close();
        scanning.close();
        writing.close();
        families.forEach(ColumnFamilyHandle::close);
        db.close();
        settings.close();
    }

    /** A damaged index is no loss: it is marked, and the next start builds it anew from the journal. */
    private UncheckedIOException failed(RocksDBException cause) {
        boolean isDamaged = cause.getStatus() != null && cause.getStatus().getCode() == Status.Code.Corruption;
        if (!isDamaged) {
            return new UncheckedIOException(new IOException("the index failed", cause));
        }
        LOG.error("the index is damaged; restart, and it is built anew from the journal: {}", cause.getMessage());
        try {
            Files.write(folder.resolve(DAMAGED), new byte[0]);
        } catch (IOException e) {
            LOG.error("the damage cannot be noted: delete the folder {} before the restart", folder, e);
        }
        return new DamagedIndexException(cause);
    }

    /**
     * Memtables, and what merges read, leave gaps in the C library's memory: a hundred megabytes and more in a minute.
     */
    private void giveBackSometimes() {
        if (bytesSinceGivenBack >= BYTES_UNTIL_GIVEN_BACK) {
            bytesSinceGivenBack = 0;
            NativeHeap.giveBack();
        }
    }

    private void requireGood(RocksIterator iterator) {
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    private final class RocksCursor implements Cursor {
        private final RocksIterator iterator;
        private final byte[] to;
        private byte[] key;

        RocksCursor(RocksIterator iterator, byte[] to) {
            this.iterator = iterator;
            this.to = to;
            load();
        }

        @Override
        public boolean isValid() {
            return key != null;
        }

        @Override
        public void next() {
            iterator.next();
            load();
        }

        @Override
        public void seek(byte[] target) {
            iterator.seek(target);
            load();
        }

        private void load() {
            key = iterator.isValid() ? iterator.key() : null;
            if (key == null) {
                requireGood(iterator);
            } else if (Arrays.compareUnsigned(key, to) >= 0) {
                key = null;
            }
        }

        @Override
        public byte[] key() {
            return key;
        }

        @Override
        public byte[] value() {
            return iterator.value();
        }

        @Override
        public MemorySegment value(MemorySegment into) {
            long bytes = iterator.value(into.asByteBuffer());
            return bytes <= into.byteSize() ? into.asSlice(0, bytes) : MemorySegment.ofArray(value());
        }

        @Override
        public void close() {
            iterator.close();
        }
    }

    private final class RocksBatch implements Batch {
        private final WriteBatchBytes changes = new WriteBatchBytes(lastBatchBytes);

        @Override
        public void put(byte[] key, byte[] value) {
            changes.put(numberOf(key), key, value);
        }

        @Override
        public void delete(byte[] key) {
            changes.delete(numberOf(key), key);
        }

        @Override
        public void deleteRange(byte[] from, byte[] to) {
            changes.deleteRange(numberOf(from), from, to);
        }

        @Override
        public void write() {
            byte[] whole = changes.whole();
            lastBatchBytes = whole.length;
            bytesSinceGivenBack += whole.length;
            try (WriteBatch batch = new WriteBatch(whole)) {
                db.write(writing, batch);
            } catch (RocksDBException e) {
                throw failed(e);
            }
            giveBackSometimes();
        }

        @Override
        public void close() {
            // It holds nothing of RocksDB's between its calls.
        }
    }
}
