package celeriant.log.contract;

import celeriant.log.EventLog;
import celeriant.log.memory.InMemoryEventLog;
import org.junit.jupiter.api.Test;

/** The same random history on this engine and in memory: the same answers, and the same to every read. */
public interface DifferentialContract extends ContractTests {
    int ROUNDS_OF_READS = 8;
    int COMMANDS_BETWEEN_READS = 12;
    int READS = 25;

    @Test
    default void anyReadIsAnsweredAsInMemory() {
        String test = getClass().getSimpleName() + "#anyReadIsAnsweredAsInMemory";
        fixture().admission().rule(Differential.RULE);
        Seeds.each(test, this::compare);
    }

    private void compare(long seed) {
        EventLog memory = new InMemoryEventLog(fixture().admission(), fixture().clock(), Differential.ids(seed));
        try (Differential differential = new Differential("diff-" + seed, seed, memory)) {
            for (int round = 1; round <= ROUNDS_OF_READS; round++) {
                differential.write(log(), COMMANDS_BETWEEN_READS, "round " + round);
                differential.read(log(), READS, "round " + round);
            }
        }
    }
}
