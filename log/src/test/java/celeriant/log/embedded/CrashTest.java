package celeriant.log.embedded;

import static org.junit.jupiter.api.Assertions.assertNull;

import celeriant.log.embedded.record.RecordFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine goes down in every single call to the disk of recorded workloads. */
class CrashTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatWasAnsweredIsKeptAndTheRestCanBeSentAgain(long seed) throws Exception {
        CrashHarness harness = new CrashHarness(seed);
        for (long call = 1; call <= harness.calls(); call++) {
            assertNull(harness.crashAt(call), "seed " + seed + ", crash in call " + call);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aCompactionMayBeCutAnywhere(long seed) throws Exception {
        CrashHarness harness = new CrashHarness(seed, true);
        for (long call = 1; call <= harness.calls(); call++) {
            assertNull(harness.crashAt(call), "seed " + seed + ", crash in call " + call);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void headsThatAreReadBehindTheStartAreThoseOfTheLog(long seed) throws Exception {
        CrashHarness harness = new CrashHarness(seed).with(disk -> disk, NoStoredHeads::new, RecordFormat::isIntact);
        for (long call = 1; call <= harness.calls(); call++) {
            assertNull(harness.crashAt(call), "seed " + seed + ", crash in call " + call);
        }
    }
}
