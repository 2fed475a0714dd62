package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.LogHealth;
import celeriant.log.embedded.compaction.CompactionRunner;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.index.Warmup;
import celeriant.log.embedded.journal.Segment;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory runs out, or a class is missing, in a thread that works behind the appends: it is told, and nothing is lost.
 */
class BackgroundFaultTest {
    private static final int WRITES = 60;
    private static final int SEGMENTS = 3;
    private static final int SEGMENT_BYTES = 40 << 10;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final MemoryIndexStore store = new MemoryIndexStore();
    private boolean failing;

    /** Throws an error when a segment is written anew, for as long as it is told to. */
    private final class NoRewrites extends DiskLayer {
        private final String call;

        NoRewrites(Disk below, String call) {
            super(below);
            this.call = call;
        }

        @Override
        public DiskFile create(String name) throws IOException {
            failIf(name, "create");
            return super.create(name);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            failIf(from, "rename");
            super.rename(from, to);
        }

        private void failIf(String name, String now) {
            if (failing && name.endsWith(Segment.REWRITE_SUFFIX) && now.equals(call)) {
                throw new UnsatisfiedLinkError("simulated");
            }
        }
    }

    /** Several segments full. */
    private static void fill(SteppedLog log) throws InterruptedException {
        for (long id = 1; id <= SEGMENTS; id++) {
            Event large = Event.of(BOARD, "drawn", EventData.binary(new byte[SEGMENT_BYTES]));
            long next = id;
            log.send(to -> to.append(request(BEN, online(next, large))));
            log.settle();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "rename"})
    void anErrorWhilePackingIsToldAndPackingGoesOnAfterARest(String call) throws Exception {
        SteppedLog log = SteppedLog.open(new NoRewrites(disk, call), store);
        fill(log);
        CompactionRunner packing = log.compactionRunner();
        LogImage before = LogImage.of(log.log());
        failing = true;
        assertTrue(packing.step() > 0, "it does not rest");
        assertEquals(1, MeasuresTest.value(log.log(), "compaction_failures_total"));
        assertFalse(disk.list().stream().anyMatch(name -> name.endsWith(Segment.REWRITE_SUFFIX)), "it takes room");
        assertEquals(LogHealth.GOOD, log.log().health());
        failing = false;
        assertEquals(0, packing.step(), "nothing was packed");
        assertEquals(1, MeasuresTest.value(log.log(), "compaction_failures_total"));
        assertEquals(before, LogImage.of(log.log()));
    }

    @Test
    void anErrorWhileTheIndexIsWrittenStopsTheLogAtOnceAndSaysWhatItWas() throws Exception {
        StoreLayer layer = new StoreLayer(store) {
            @Override
            void afterWrite() {
                if (failing) {
                    throw new OutOfMemoryError("simulated");
                }
            }
        };
        SteppedLog log = SteppedLog.open(disk, layer);
        failing = true;
        for (long id = 1; log.log().health().takesAppends() && id <= WRITES; id++) {
            log.send(MeasuresTest.append(id));
            log.settle();
        }
        LogHealth health = log.log().health();
        assertTrue(health.needsRestart());
        assertTrue(health.reason().contains("OutOfMemoryError: simulated"), health.reason());
        assertFalse(health.reason().contains("storage"), health.reason());
        long answered = log.log().aggregate(ORG, BOARD).orElseThrow().version();
        assertTrue(answered <= SteppedLog.CONFIG.indexFreezeRecords(), "it was noticed after " + answered);
        SteppedLog again = SteppedLog.open(disk.copy(), store.afterCrash(new SplittableRandom(1)));
        assertEquals(LogImage.of(log.log()), LogImage.of(again.log()));
    }

    @Test
    void anErrorInOneWarmupKeepsNoOtherFromBeingDone() {
        List<String> done = new ArrayList<>();
        Supplier<Warmup> broken = () -> {
            throw new OutOfMemoryError("simulated");
        };
        Supplier<Warmup> next = () -> new Warmup() {
            @Override
            public boolean step() {
                done.add("stepped");
                return false;
            }

            @Override
            public void close() {
                done.add("closed");
            }
        };
        WarmupRunner runner = new WarmupRunner(List.of(broken, next));
        runner.start();
        runner.join();
        assertEquals(List.of("stepped", "closed"), done);
    }
}
