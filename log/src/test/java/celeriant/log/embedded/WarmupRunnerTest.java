package celeriant.log.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.embedded.index.Warmup;
import celeriant.log.embedded.system.FreedMemory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class WarmupRunnerTest {
    private static Warmup taking(FreedMemory memory) {
        return new Warmup() {
            @Override
            public boolean step() {
                memory.takeAndFree();
                return false;
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatReadingTookIsGivenBack() {
        try (FreedMemory memory = new FreedMemory()) {
            WarmupRunner runner = new WarmupRunner(List.of(() -> taking(memory)));
            runner.start();
            runner.join();
            assertTrue(memory.isGivenBack(), memory.toString());
        }
    }
}
