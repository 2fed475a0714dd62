package celeriant.log.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.log.EventLog;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.log.sequencer.IdSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The same random history on this engine and in memory: the same answers, and the same to every read. */
public interface DifferentialContract extends ContractTests {
    int COMMANDS_BETWEEN_READS = 12;
    int READS = 25;

    @Test
    default void anyReadIsAnsweredAsInMemory() {
        String test = getClass().getSimpleName() + "#anyReadIsAnsweredAsInMemory";
        fixture().admission().rule(new RandomRule());
        Seeds.each(test, seed -> {
            try (EventLog memory = new InMemoryEventLog(
                    fixture().admission(), fixture().clock(), new IdSource(new SplittableRandom(seed)))) {
                compare(seed, memory);
            }
        });
    }

    private void compare(long seed, EventLog memory) {
        String org = "diff-" + seed;
        SplittableRandom random = new SplittableRandom(seed);
        ModelLog model = new ModelLog();
        RandomCommands commands = new RandomCommands(random.split(), org, model);
        RandomReads reads = new RandomReads(random.split(), org);
        for (int round = 1; round <= 8; round++) {
            sendToBoth(commands, model, memory, round);
            for (int i = 0; i < READS; i++) {
                RandomReads.Question question = reads.next(model.position());
                assertEquals(question.ask(memory), question.ask(log()), "round " + round);
            }
        }
    }

    private void sendToBoth(RandomCommands commands, ModelLog model, EventLog memory, int round) {
        List<CompletionStage<String>> expected = new ArrayList<>();
        List<CompletionStage<String>> actual = new ArrayList<>();
        for (int i = 0; i < COMMANDS_BETWEEN_READS; i++) {
            Command command = commands.next();
            ModelLog.answer(model, command);
            expected.add(command.send(memory));
            actual.add(command.send(log()));
        }
        for (int i = 0; i < COMMANDS_BETWEEN_READS; i++) {
            assertEquals(LogFixture.await(expected.get(i)), LogFixture.await(actual.get(i)), "round " + round);
        }
    }
}
