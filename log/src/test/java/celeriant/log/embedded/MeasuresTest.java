package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.EventLog;
import celeriant.log.Measures;
import celeriant.log.embedded.commit.Histogram;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine measures of itself. */
class MeasuresTest {
    private static final class Seen implements Measures {
        private final Map<String, Long> values = new TreeMap<>();
        private final Map<String, long[]> counts = new TreeMap<>();
        private final Map<String, Double> sums = new TreeMap<>();

        @Override
        public void counter(String name, String meaning, long value) {
            assertTrue(name.endsWith("_total"), name);
            gauge(name, meaning, value);
        }

        @Override
        public void gauge(String name, String meaning, long value) {
            assertTrue(meaning.endsWith("."), meaning);
            assertEquals(null, values.put(name, value), name + " is told twice");
        }

        @Override
        public void histogram(String name, String meaning, double[] bounds, long[] found, double sum) {
            assertEquals(bounds.length + 1, found.length, name);
            counts.put(name, found);
            sums.put(name, sum);
        }

        private long count(String name) {
            return Arrays.stream(counts.get(name)).sum();
        }
    }

    private static Seen measured(EventLog log) {
        Seen seen = new Seen();
        log.measure(seen);
        return seen;
    }

    /** What a log tells of itself under a name. */
    static long value(EventLog log, String name) {
        return measured(log).values.get(name);
    }

    static Workload.Write append(long id) {
        return log -> log.append(request(BEN, online(id, fact(BOARD, "painted"))));
    }

    @Test
    void writesThatWaitAreShownAndSoIsTheGroupThatSettlesThem() throws Exception {
        SteppedLog log = SteppedLog.open(new SimulatedDisk(), new MemoryIndexStore());
        for (int id = 1; id <= 3; id++) {
            log.send(append(id));
        }
        Seen waiting = measured(log.log());
        assertEquals(3, waiting.values.get("queue_writes"));
        assertTrue(waiting.values.get("queue_bytes") > 0);
        assertEquals(0, waiting.count("write_seconds"));
        log.settle();
        Seen settled = measured(log.log());
        assertEquals(0, settled.values.get("queue_writes"));
        assertEquals(3, settled.count("write_seconds"));
        assertEquals(1, settled.count("sync_seconds"));
        assertEquals(3.0, settled.sums.get("group_writes"));
        assertEquals(3, settled.values.get("index_lag_records"));
        assertTrue(settled.values.get("index_lag_bytes") > 0);
        assertTrue(settled.sums.get("group_bytes") > 0);
        assertEquals(1, settled.values.get("takes_appends"));
    }

    @Test
    void theLagOfTheIndexEndsWhenItIsWritten() throws Exception {
        SteppedLog log = SteppedLog.open(new SimulatedDisk(), new MemoryIndexStore());
        for (int id = 1; id <= SteppedLog.CONFIG.indexFreezeRecords(); id++) {
            log.send(append(id));
            log.settle();
        }
        long written = measured(log.log()).values.get("index_lag_records");
        log.send(append(100));
        log.settle();
        assertTrue(written <= SteppedLog.CONFIG.indexFreezeRecords(), "lag " + written);
        assertTrue(measured(log.log()).values.get("index_lag_records") <= written + 1);
    }

    @Test
    void refusalsOfAFullQueueAreCounted() throws Exception {
        SteppedLog log = SteppedLog.open(new SimulatedDisk(), new MemoryIndexStore());
        for (int i = 0; i < SteppedLog.CONFIG.queueWritesMax() + 2; i++) {
            log.send(append(i + 1));
        }
        assertEquals(2, measured(log.log()).values.get("queue_refused_total"));
    }

    @Test
    void aRealLogShowsItsCacheAndItsDiskAndAClosedOneNothing(@TempDir Path folder) throws Exception {
        EventLog log = EmbeddedEventLog.open(folder, EmbeddedConfig.DEFAULT);
        Seen open = measured(log);
        log.close();
        assertTrue(open.values.get("disk_free_bytes") > 0);
        assertTrue(open.values.get("index_cache_bytes") >= 0);
        assertTrue(open.values.containsKey("index_cache_hits_total"));
        assertTrue(open.values.containsKey("index_cache_misses_total"));
        assertTrue(open.values.get("journal_segments") >= 1);
        assertEquals(Map.of(), measured(log).values);
    }

    @Test
    void aHistogramCountsEachValueInTheRangeThatItFallsInto() {
        Histogram histogram = new Histogram(2, 4, 0.5);
        for (long value : new long[] {0, 1, 4, 5, 8, 16, 17, 1000}) {
            histogram.record(value);
        }
        Measures seen = new Measures() {
            @Override
            public void counter(String name, String meaning, long value) {
                throw new AssertionError(name);
            }

            @Override
            public void gauge(String name, String meaning, long value) {
                throw new AssertionError(name);
            }

            @Override
            public void histogram(String name, String meaning, double[] bounds, long[] counts, double sum) {
                assertArrayEquals(new double[] {2, 4, 8}, bounds);
                assertArrayEquals(new long[] {3, 2, 1, 2}, counts);
                assertEquals(1051 * 0.5, sum);
            }
        };
        histogram.show(seen, "n", "N.");
    }
}
