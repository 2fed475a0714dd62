package celeriant.log.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.log.Admission;
import celeriant.log.EventLog;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.log.sequencer.IdSource;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * One org's random history in memory, and on an engine, step by step: the same answers to every write, and to every
 * read. What happens to the engine between two steps is the business of who asks. Confined to one thread.
 */
public final class Differential implements AutoCloseable {
    /** What {@link #write writes} are admitted by, on both sides. */
    public static final Admission RULE = new RandomRule();

    private final String org;
    private final EventLog memory;
    private final ModelLog model = new ModelLog();
    private final RandomCommands commands;
    private final RandomReads reads;
    private final SplittableRandom positions;

    /** @param clock of both sides */
    public Differential(String org, long seed, InstantSource clock) {
        this(org, seed, new InMemoryEventLog(RULE, clock, ids(seed)));
    }

    Differential(String org, long seed, EventLog memory) {
        SplittableRandom random = new SplittableRandom(seed);
        this.org = org;
        this.memory = memory;
        this.commands = new RandomCommands(random.split(), org, model);
        this.reads = new RandomReads(random.split(), org);
        this.positions = random.split();
    }

    /** With these the engine gives the same ids as the other side, so that even the hashes agree. */
    public static Supplier<UUID> ids(long seed) {
        return new IdSource(new SplittableRandom(seed));
    }

    /** Sends so many writes, all on their way together. */
    public void write(EventLog log, int count, String when) {
        List<CompletionStage<String>> expected = new ArrayList<>();
        List<CompletionStage<String>> actual = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Command command = commands.next();
            ModelLog.answer(model, command);
            expected.add(command.send(memory));
            actual.add(command.send(log));
        }
        for (int i = 0; i < count; i++) {
            assertEquals(LogFixture.await(expected.get(i)), LogFixture.await(actual.get(i)), when);
        }
    }

    /** Asks so many questions. */
    public void read(EventLog log, int count, String when) {
        for (int i = 0; i < count; i++) {
            RandomReads.Question question = reads.next(model.position());
            assertEquals(question.ask(memory), question.ask(log), when);
        }
    }

    /** Compares the chain of hashes at its end and somewhere before. */
    public void readHashes(EventLog log, String when) {
        assertEquals(memory.head(org).hash(), log.head(org).hash(), when);
        long position = positions.nextLong(model.position() + 1);
        assertEquals(memory.hashAt(org, position), log.hashAt(org, position), when);
    }

    @Override
    public void close() {
        memory.close();
    }
}
