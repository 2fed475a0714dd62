package celeriant.log.embedded;

import static org.junit.jupiter.api.Assertions.assertNull;

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
}
