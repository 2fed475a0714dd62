package celeriant.simulation;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worlds from consecutive seeds: {@code -Dsimulation.from=} and {@code -Dsimulation.seeds=} say which. */
@DisplayName("In every world")
class SimulationTest {
    private static final long FROM = Long.getLong("simulation.from", 1);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);

    @Test
    @Timeout(540)
    @DisplayName("nothing is lost or doubled, order is kept, and all come to show the same")
    void laws() {
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            run(seed);
        }
    }

    /** Here the disk was full when what the log had lost was to be queued again. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {288, 546, 2771, 5991, 10589})
    @DisplayName("what the log lost is sent again, though the first try failed")
    void lostIsQueuedAgain(long seed) {
        run(seed);
    }

    /** Here the log had grown beyond what it lost before the device was told a hash of it. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11567, 674})
    @DisplayName("a loss is noticed behind a hash that is told after it")
    void lossIsNotHidden(long seed) {
        run(seed);
    }

    /** Here the log was asked for its head while a push was under way, whose answer came after the next one's. */
    @Test
    @DisplayName("an answer that comes late sets nothing back")
    void lateAnswer() {
        run(2207);
    }

    /** Here answers of a log that was put back came late, and projections were opened just before all came to rest. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1649, 5671, 9134})
    @DisplayName("what is late is waited for")
    void lateIsWaitedFor(long seed) {
        run(seed);
    }

    private static void run(long seed) {
        try {
            Simulation.run(seed);
        } catch (Violation | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e + "\nreplay: mvn -pl simulation -am test"
                            + " -Dtest=SimulationTest#laws -Dsurefire.failIfNoSpecifiedTests=false"
                            + " -Dsimulation.seeds=1 -Dsimulation.from=" + seed,
                    e);
        }
    }
}
