package celeriant.log.embedded.index;

import java.util.EnumSet;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.HistogramType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.Statistics;
import org.rocksdb.WriteBufferManager;

/**
 * How RocksDB is set for the index: entries in one family of keys, packed heads in one of their own, with files of its
 * own. Entries are many and small, and are merged often. Heads are few and large: among entries they would be written
 * anew by each merge of these, and do not get smaller by compression, for they are hashes mostly. A flush is of both
 * families, whole or not at all, so that a crash leaves the same batches of both.
 */
final class RocksSettings implements AutoCloseable {
    private static final byte[] HEADS = {IndexKeys.HEADS};

    private static final long MEMTABLE_BYTES = 32L << 20;
    private static final int MEMTABLES_MAX = 3;
    private static final int FAMILIES = 2;
    private static final int BLOOM_BITS = 10;

    /** Part of a memtable that is a filter of its keys: ids of new appends are looked for, and are seldom there. */
    private static final double MEMTABLE_BLOOM_RATIO = 0.05;

    /** Each merge of level 0 writes the level below anew: twice as many files, half as often. */
    private static final int LEVEL_0_ENTRIES = 16;

    /** All heads are written anew by each merge: seldom. Nobody looks for a key among them. */
    private static final int LEVEL_0_HEADS = 24;

    /**
     * At so many times as many files merging is behind: writes are slowed, and at the next number they wait. Both are
     * far, for one merge takes long enough for twice as many files to come, and once slowed, writes come to a tenth.
     */
    private static final int LEVEL_0_SLOW = 4;

    private static final int LEVEL_0_STOP = 6;

    /**
     * What is written while that is so, at first; RocksDB takes off a fifth whenever merging falls further behind. Its
     * own 16 MiB are less than appends bring where each merge is large, and made them four times as slow for seconds.
     */
    private static final long SLOW_BYTES_A_SECOND = 64L << 20;

    /** A level is so many times as large as the one above it: a key is written anew the fewest times then. */
    private static final int LEVEL_TIMES = 4;

    /** More than all heads: level 0 is merged into the last level at once, with none between. */
    private static final long HEADS_LEVEL_BYTES = 1L << 40;

    private static final int BACKGROUND_JOBS = 2;
    private static final int FILES_OPEN_MAX = 512;

    private final Cache cache;
    private final BloomFilter filter = new BloomFilter(BLOOM_BITS);
    private final WriteBufferManager memtables;
    private final Statistics statistics = new Statistics(EnumSet.allOf(HistogramType.class));
    private final DBOptions database;
    private final ColumnFamilyOptions entries;
    private final ColumnFamilyOptions heads;

    /**
     * @param cacheBytes what blocks, filters included, and memtables may take in memory; these have it before blocks
     */
    RocksSettings(long cacheBytes) {
        cache = new LRUCache(cacheBytes);
        // For their size alone: one is full at its own bound, never by this one.
        memtables = new WriteBufferManager(FAMILIES * MEMTABLES_MAX * MEMTABLE_BYTES, cache);
        database = new DBOptions()
                .setWriteBufferManager(memtables)
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setAllowConcurrentMemtableWrite(false)
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setDelayedWriteRate(SLOW_BYTES_A_SECOND)
                .setMaxOpenFiles(FILES_OPEN_MAX)
                .setAvoidFlushDuringShutdown(true)
                .setStatistics(statistics)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2);
        entries = family(LEVEL_0_ENTRIES)
                .setMaxBytesForLevelMultiplier(LEVEL_TIMES)
                .setMemtableWholeKeyFiltering(true)
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
                .setCompressionType(CompressionType.LZ4_COMPRESSION);
        heads = family(LEVEL_0_HEADS)
                .setMaxBytesForLevelBase(HEADS_LEVEL_BYTES)
                .setCompressionType(CompressionType.NO_COMPRESSION);
    }

    private ColumnFamilyOptions family(int level0Files) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(8 << 10)
                .setFilterPolicy(filter)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setCacheIndexAndFilterBlocks(true)
                .setPinTopLevelIndexAndFilter(true)
                .setFormatVersion(5);
        return new ColumnFamilyOptions()
                .setTableFormatConfig(table)
                .setWriteBufferSize(MEMTABLE_BYTES)
                .setMaxWriteBufferNumber(MEMTABLES_MAX)
                .setLevel0FileNumCompactionTrigger(level0Files)
                .setLevel0SlowdownWritesTrigger(LEVEL_0_SLOW * level0Files)
                .setLevel0StopWritesTrigger(LEVEL_0_STOP * level0Files)
                .setLevelCompactionDynamicLevelBytes(true)
                .setDisableAutoCompactions(true);
    }

    DBOptions database() {
        return database;
    }

    /** The families of keys: entries, then heads. */
    List<ColumnFamilyDescriptor> families() {
        return List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, entries),
                new ColumnFamilyDescriptor(HEADS, heads));
    }

    /** Of {@link #families} the one that a key is in. */
    static int familyOf(byte[] key) {
        return key.length > 0 && key[0] == IndexKeys.HEADS ? 1 : 0;
    }

    Statistics statistics() {
        return statistics;
    }

    /** Memory that blocks and memtables take now. */
    long cacheUsage() {
        return cache.getUsage();
    }

    @Override
    public void close() {
        database.close();
        entries.close();
        heads.close();
        statistics.close();
        filter.close();
        memtables.close();
        cache.close();
    }
}
