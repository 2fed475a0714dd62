package celeriant.log.embedded;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How an {@link EmbeddedEventLog} uses its machine. Nothing here changes what is kept or answered.
 *
 * @param segmentBytes size of a journal file; each is written with zeros ahead of its use
 * @param groupBytesMax bytes of records that are made durable by one sync, but for one record that is larger
 * @param queueWritesMax writes that wait for the writer; one more is answered {@code busy}
 * @param queueBytesMax payload bytes that wait for the writer; more is answered {@code busy}, but for one write that is
 *     larger and waits alone
 * @param indexCacheBytes memory for blocks of the index, and for what is not written to its files yet
 * @param headCacheBytes memory for what appends need to know of aggregates, 32 to 50 bytes each, taken as there are
 *     more of them; those that find no room are looked up in the index
 * @param indexFreezeRecords how much the index keeps in memory before it is written behind: each aggregate counts 4,
 *     each register 1, and a record of neither that is new there 8
 * @param indexFlushBytes bytes of journal after which the index is flushed; opening after a crash replays about so much
 * @param appendIdDays how long, at least, a repeat of an append without sequence is found to be a duplicate; with
 *     another value, the next opening builds the index anew
 * @param freeBytesMin room on the disk, beside that for one more segment, below which no appends are taken (0: append
 *     until it is full, which is a storage failure)
 * @param diskStall after so long, a write or sync that has not returned is told: no appends are taken until it does
 * @param removalDeadline by when what was trimmed or deleted is in no file of the journal any more, as long as one read
 *     of the whole log takes no longer than half of it
 * @param compressionLevel of zstd, for segments that are full; 0: they are not compressed
 */
public record EmbeddedConfig(
        long segmentBytes,
        int groupBytesMax,
        int queueWritesMax,
        long queueBytesMax,
        long indexCacheBytes,
        long headCacheBytes,
        int indexFreezeRecords,
        long indexFlushBytes,
        int appendIdDays,
        long freeBytesMin,
        Duration diskStall,
        Duration removalDeadline,
        int compressionLevel) {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long SEGMENT_BYTES_MIN = 64 * KIB;
    private static final long SEGMENT_BYTES_MAX = 2048 * MIB;

    private static final Duration STALL_MIN = Duration.ofMillis(10);
    private static final Duration STALL_MAX = Duration.ofHours(1);
    private static final Duration DEADLINE_MIN = Duration.ofSeconds(1);
    private static final Duration DEADLINE_MAX = Duration.ofDays(3650);
    private static final int COMPRESSION_LEVEL_MAX = 19;

    public static final EmbeddedConfig DEFAULT = new EmbeddedConfig(
            64 * MIB,
            (int) (4 * MIB),
            16_384,
            64 * MIB,
            128 * MIB,
            512 * MIB,
            32_768,
            128 * MIB,
            7,
            256 * MIB,
            Duration.ofSeconds(5),
            Duration.ofDays(1),
            3);

    public EmbeddedConfig {
        requireBetween("segmentBytes", segmentBytes, SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX);
        requireBetween("groupBytesMax", groupBytesMax, 4 * KIB, 256 * MIB);
        requireBetween("queueWritesMax", queueWritesMax, 1, 1 << 24);
        requireBetween("queueBytesMax", queueBytesMax, MIB, Long.MAX_VALUE);
        requireBetween("indexCacheBytes", indexCacheBytes, MIB, Long.MAX_VALUE);
        requireBetween("headCacheBytes", headCacheBytes, MIB, Long.MAX_VALUE);
        requireBetween("indexFreezeRecords", indexFreezeRecords, 1, 1 << 24);
        requireBetween("indexFlushBytes", indexFlushBytes, 1, Long.MAX_VALUE);
        requireBetween("appendIdDays", appendIdDays, 7, 3650);
        requireBetween("freeBytesMin", freeBytesMin, 0, Long.MAX_VALUE - SEGMENT_BYTES_MAX);
        requireBetween("compressionLevel", compressionLevel, 0, COMPRESSION_LEVEL_MAX);
        requireBetween("diskStall", diskStall, STALL_MIN, STALL_MAX);
        requireBetween("removalDeadline", removalDeadline, DEADLINE_MIN, DEADLINE_MAX);
    }

    private static void requireBetween(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", which is not in " + min + ".." + max);
        }
    }

    private static void requireBetween(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", which is not in " + min + ".." + max);
        }
    }

    /** The same with other segments. */
    public EmbeddedConfig withSegmentBytes(long bytes) {
        return with(draft -> draft.segmentBytes = bytes);
    }

    /** The same with another index. */
    public EmbeddedConfig withIndex(long cacheBytes, int freezeRecords, long flushBytes) {
        return with(draft -> {
            draft.indexCacheBytes = cacheBytes;
            draft.indexFreezeRecords = freezeRecords;
            draft.indexFlushBytes = flushBytes;
        });
    }

    /** The same with another free space. */
    public EmbeddedConfig withFreeBytesMin(long bytes) {
        return with(draft -> draft.freeBytesMin = bytes);
    }

    /** The same with full segments compressed otherwise. */
    public EmbeddedConfig withCompressionLevel(int level) {
        return with(draft -> draft.compressionLevel = level);
    }

    private EmbeddedConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new EmbeddedConfig(
                draft.segmentBytes,
                groupBytesMax,
                queueWritesMax,
                queueBytesMax,
                draft.indexCacheBytes,
                headCacheBytes,
                draft.indexFreezeRecords,
                draft.indexFlushBytes,
                appendIdDays,
                draft.freeBytesMin,
                diskStall,
                removalDeadline,
                draft.compressionLevel);
    }

    /** What the methods above may change of a configuration. */
    private static final class Draft {
        long segmentBytes;
        long indexCacheBytes;
        int indexFreezeRecords;
        long indexFlushBytes;
        long freeBytesMin;
        int compressionLevel;

        Draft(EmbeddedConfig before) {
            segmentBytes = before.segmentBytes;
            indexCacheBytes = before.indexCacheBytes;
            indexFreezeRecords = before.indexFreezeRecords;
            indexFlushBytes = before.indexFlushBytes;
            freeBytesMin = before.freeBytesMin;
            compressionLevel = before.compressionLevel;
        }
    }
}
