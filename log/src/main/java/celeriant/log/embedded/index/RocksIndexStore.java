package celeriant.log.embedded.index;

import celeriant.log.Measures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.FlushOptions;
import org.rocksdb.HistogramType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.Options;
import org.rocksdb.Priority;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Statistics;
import org.rocksdb.Status;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The index's store: RocksDB without its log, in one column family, so that a crash leaves a prefix of the batches. */
public final class RocksIndexStore implements IndexStore {
    static {
        RocksLibrary.load();
    }

    /** A file that says that damage was met; {@link #open} refuses the index then. */
    public static final String DAMAGED = "DAMAGED";

    private static final Logger LOG = LoggerFactory.getLogger(RocksIndexStore.class);
    private static final long MEMTABLE_BYTES = 32L << 20;
    private static final int MEMTABLES_MAX = 3;
    private static final long SCAN_AHEAD_BYTES = 1 << 20;
    private static final int BLOOM_BITS = 10;

    /** Part of a memtable that is a filter of its keys: ids of new appends are looked for, and are seldom there. */
    private static final double MEMTABLE_BLOOM_RATIO = 0.05;

    /** Each merge of level 0 writes the level below anew: twice as many files, half as often. */
    private static final int LEVEL_0_FILES = 8;

    private static final int BACKGROUND_JOBS = 2;
    private static final int FILES_OPEN_MAX = 512;

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
    private final Options options;
    private final Statistics statistics;
    private final Cache cache;
    private final WriteOptions writing;
    private final ReadOptions reading;
    private final ReadOptions scanning;
    private int lastBatchBytes;

    private RocksIndexStore(RocksDB db, Path folder, Options options, Statistics statistics, Cache cache) {
        this.db = db;
        this.folder = folder;
        this.options = options;
        this.statistics = statistics;
        this.cache = cache;
        this.writing = new WriteOptions().setDisableWAL(true);
        this.reading = new ReadOptions();
        this.scanning = new ReadOptions().setFillCache(false).setReadaheadSize(SCAN_AHEAD_BYTES);
    }

    /** @param cacheBytes what its blocks, filters included, may take in memory */
    public static RocksIndexStore open(Path folder, long cacheBytes) throws IOException {
        Files.createDirectories(folder);
        if (Files.exists(folder.resolve(DAMAGED))) {
            throw new IOException("the index in " + folder + " was found to be damaged");
        }
        // Merging comes after appends; the threads for it are the process's, and all its stores share them.
        Env.getDefault().lowerThreadPoolCPUPriority(Priority.LOW);
        Statistics statistics = new Statistics(EnumSet.allOf(HistogramType.class));
        Cache cache = new LRUCache(cacheBytes);
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(8 << 10)
                .setFilterPolicy(new BloomFilter(BLOOM_BITS))
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setCacheIndexAndFilterBlocks(true)
                .setPinTopLevelIndexAndFilter(true)
                .setFormatVersion(5);
        Options options = new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(table)
                .setWriteBufferSize(MEMTABLE_BYTES)
                .setMaxWriteBufferNumber(MEMTABLES_MAX)
                .setAllowConcurrentMemtableWrite(false)
                .setMemtableWholeKeyFiltering(true)
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
                .setLevel0FileNumCompactionTrigger(LEVEL_0_FILES)
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setMaxOpenFiles(FILES_OPEN_MAX)
                .setLevelCompactionDynamicLevelBytes(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setAvoidFlushDuringShutdown(true)
                .setDisableAutoCompactions(true)
                .setStatistics(statistics)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2);
        try {
            return new RocksIndexStore(RocksDB.open(options, folder.toString()), folder, options, statistics, cache);
        } catch (RocksDBException e) {
            options.close();
            statistics.close();
            cache.close();
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
            db.setOptions(MutableColumnFamilyOptions.builder()
                    .setDisableAutoCompactions(false)
                    .build());
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void show(Measures into) {
        into.gauge("index_cache_bytes", "Memory that blocks of the index take.", cache.getUsage());
        into.gauge("index_disk_bytes", "Size of the index's files.", property("rocksdb.total-sst-files-size"));
        for (CacheUse use : CacheUse.values()) {
            into.counter(use.shown, use.meaning, statistics.getTickerCount(use.ticker));
        }
    }

    private long property(String name) {
        try {
            return db.getLongProperty(name);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public byte[] value(byte[] key) {
        try {
            return db.get(reading, key);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public Cursor cursor(byte[] from, byte[] to) {
        RocksIterator iterator = db.newIterator(reading);
        iterator.seek(from);
        return new RocksCursor(iterator, to);
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        RocksIterator iterator = db.newIterator(scanning);
        iterator.seek(from);
        return new RocksCursor(iterator, to);
    }

    @Override
    public Cursor cursorAtFloor(byte[] lowest, byte[] from, byte[] to) {
        RocksIterator iterator = db.newIterator(reading);
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
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(wait)) {
            db.flush(flush);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        reading.close();
        scanning.close();
        writing.close();
        db.close();
        options.close();
        statistics.close();
        cache.close();
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
            changes.put(key, value);
        }

        @Override
        public void delete(byte[] key) {
            changes.delete(key);
        }

        @Override
        public void deleteRange(byte[] from, byte[] to) {
            changes.deleteRange(from, to);
        }

        @Override
        public void write() {
            byte[] whole = changes.whole();
            lastBatchBytes = whole.length;
            try (WriteBatch batch = new WriteBatch(whole)) {
                db.write(writing, batch);
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }

        @Override
        public void close() {
            // It holds nothing of RocksDB's between its calls.
        }
    }
}
