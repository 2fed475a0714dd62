package celeriant.log.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.log.AggregateRead;
import celeriant.log.AggregateState;
import celeriant.log.EventLog;
import celeriant.log.MergedRead;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Random histories against a naive model ({@link Seeds}). Each seed has an org of its own. */
public interface RandomContract extends ContractTests {
    int ROUNDS = 40;
    int AT_ONCE_MAX = 6;

    @Test
    default void randomHistoriesAreAnsweredAndReadAsTheModelSays() {
        String test = getClass().getSimpleName() + "#randomHistoriesAreAnsweredAndReadAsTheModelSays";
        fixture().admission().rule(new RandomRule());
        Seeds.each(test, this::runSeed);
    }

    private void runSeed(long seed) {
        String org = "org-" + seed;
        SplittableRandom random = new SplittableRandom(seed);
        ModelLog model = new ModelLog();
        RandomCommands commands = new RandomCommands(random, org, model);
        for (int round = 1; round <= ROUNDS; round++) {
            sendAtOnce(commands, model, 1 + random.nextInt(AT_ONCE_MAX), round);
            if (round % 5 == 0) {
                compareReads(org, model, "round " + round);
            }
        }
    }

    /** Several commands on their way together: an engine may decide them as one group. */
    private void sendAtOnce(RandomCommands commands, ModelLog model, int count, int round) {
        List<Command> sent = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        List<CompletionStage<String>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Command command = commands.next();
            sent.add(command);
            answers.add(command.send(log()));
            expected.add(ModelLog.answer(model, command));
        }
        for (int i = 0; i < count; i++) {
            assertEquals(expected.get(i), LogFixture.await(answers.get(i)), "round " + round + ", " + sent.get(i));
        }
    }

    private void compareReads(String org, ModelLog model, String when) {
        EventLog log = log();
        assertEquals(model.position(), log.head(org).position(), when);
        List<RecordedEvent> merged = new ArrayList<>();
        MergedRead read = new MergedRead(
                0, Long.MAX_VALUE, 7, 1 << 20, Set.of(), Set.of("canvas", "plot", "$access.canvas"), Set.of());
        for (long after = 0; after < model.position(); ) {
            var page = log.readMerged(org, read.from(after));
            merged.addAll(page.events());
            after = page.covered();
        }
        List<String> visible = model.entries().stream()
                .filter(entry -> !entry.gone || entry.isTombstone())
                .map(Object::toString)
                .toList();
        assertEquals(visible, Description.of(merged), when);
        RandomCommands.AGGREGATES.forEach(aggregate -> compareAggregate(org, model, aggregate, when));
    }

    private void compareAggregate(String org, ModelLog model, AggregateId aggregate, String when) {
        String where = when + ", " + aggregate;
        AggregateRead all = new AggregateRead(0, Long.MAX_VALUE, 10_000, 1 << 20, Set.of());
        List<RecordedEvent> events = log().readAggregate(org, aggregate, all).events();
        assertEquals(model.present(aggregate).stream().map(Object::toString).toList(), Description.of(events), where);
        Optional<AggregateState> state = log().state(org, aggregate);
        assertEquals(model.exists(aggregate), state.isPresent(), where);
        if (state.isPresent()) {
            TreeMap<String, String> registers = new TreeMap<>();
            state.get()
                    .registers()
                    .forEach((key, register) -> registers.put(
                            key,
                            new String(register.data().bytes(), StandardCharsets.UTF_8) + "@" + register.version()));
            assertEquals(model.registers(aggregate), registers, where);
            assertEquals(model.version(aggregate), state.get().version(), where);
            Long snapshot = state.get().snapshot() == null
                    ? null
                    : state.get().snapshot().version();
            assertEquals(model.snapshot(aggregate), snapshot, where);
        }
    }
}
