package celeriant.simulation;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.LongFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A bug that was planted is found:")
@Timeout(300)
class PlantedBugsTest {
    private static final int SEEDS_MAX = 2_000;

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("within two thousand seeds, in a world that is sound without it")
    void found(PlantedBug bug) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            if (!isSound(seed, bug::plant) && isSound(seed, World::new)) {
                return;
            }
        }
        fail(bug + " was not found in " + SEEDS_MAX + " seeds");
    }

    private static boolean isSound(long seed, LongFunction<World> worlds) {
        try {
            Simulation.run(seed, worlds);
            return true;
        } catch (Violation e) {
            return false;
        }
    }
}
