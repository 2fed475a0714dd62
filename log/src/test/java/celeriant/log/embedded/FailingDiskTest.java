package celeriant.log.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that fails one call and claims afterwards that all is well; a disk that is full. */
class FailingDiskTest {
    private static final int FULL_AFTER_BYTES = 150 << 10;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyFailureIsFinalAndNothingThatWasAnsweredIsLost(long seed) throws Exception {
        CrashHarness harness = new CrashHarness(seed);
        for (long call = 1; call <= harness.calls(); call++) {
            assertNull(harness.failAt(call), "seed " + seed + ", failure of call " + call);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aCompactionThatFailsHarmsNothing(long seed) throws Exception {
        CrashHarness harness = new CrashHarness(seed, true);
        for (long call = 1; call <= harness.calls(); call++) {
            assertNull(harness.failAt(call), "seed " + seed + ", failure of call " + call);
        }
    }

    @Test
    void aFullDiskStopsAppendsAndGoesOnOnceThereIsRoom() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        disk.limitTo(FULL_AFTER_BYTES);
        MemoryIndexStore store = new MemoryIndexStore();
        SteppedLog log = SteppedLog.open(disk, store);
        List<Workload.Write> writes = Workload.of(400, new SplittableRandom(1));
        int answered = 0;
        for (int sent = 0; sent < writes.size() && log.log().health().takesAppends(); sent++) {
            CompletableFuture<?> answer = log.send(writes.get(answered));
            log.settle();
            answered += answer.isCompletedExceptionally() ? 0 : 1;
        }
        assertFalse(log.log().health().takesAppends(), "a failed write does not stop appends");
        LogImage before = LogImage.of(log.log());
        assertTrue(answered > 10, "only " + answered);

        SimulatedDisk larger = disk.copy();
        SteppedLog again = SteppedLog.open(larger, store.afterCrash(new SplittableRandom(1)));
        assertEquals(before, LogImage.of(again.log()));
        CompletableFuture<?> answer = again.send(writes.get(answered));
        again.settle();
        assertFalse(answer.isCompletedExceptionally());
    }
}
