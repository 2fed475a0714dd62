package celeriant.log.embedded.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.EventLog;
import celeriant.log.embedded.EmbeddedEventLog;
import celeriant.log.embedded.verify.Verify;
import celeriant.log.embedded.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process under load is killed with SIGKILL, again and again, while it starts or while it writes.
 * {@code -Dceleriant.kills=300} kills so often; {@code -Dceleriant.seed=7} chooses other moments.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("celeriant.kills", 6);
    private static final long SEED = Long.getLong("celeriant.seed", 1);
    private static final int KILLS_PER_FOLDER = 25;
    private static final int START_MILLIS_MAX = 1500;
    private static final int WRITING_MILLIS_MAX = 500;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private int killedWhileWriting;
    private long acknowledged;

    @TempDir
    private Path root;

    @Test
    void nothingAcknowledgedIsLostHoweverOftenTheProcessIsKilled() throws IOException {
        for (int killed = 0; killed < KILLS; killed += KILLS_PER_FOLDER) {
            Path folder = root.resolve("log" + killed);
            killAgainAndAgain(folder, Math.min(KILLS_PER_FOLDER, KILLS - killed));
            clear(folder);
        }
        System.out.println(KILLS + " kills, " + killedWhileWriting + " of them while it wrote, " + acknowledged
                + " appends acknowledged; seed " + SEED);
        assertTrue(acknowledged > 0, "nothing was acknowledged, so nothing was tested");
    }

    private void killAgainAndAgain(Path folder, int kills) throws IOException {
        Witness witness = new Witness();
        LoadRunner runner = new LoadRunner(folder);
        for (int kill = 1; kill <= kills; kill++) {
            killedWhileWriting += runner.run(random.nextLong(), when(kill == kills), witness::hear) ? 1 : 0;
            if (kill == kills || random.nextInt(3) > 0) {
                compare(folder, witness, kill);
            }
        }
        acknowledged += witness.acknowledgements();
    }

    /** The last of a folder waits for an acknowledgement, which a slow machine gives late. */
    private LoadRunner.When when(boolean isLast) {
        boolean fromOpen = random.nextInt(4) > 0;
        long millis = random.nextInt(fromOpen ? WRITING_MILLIS_MAX : START_MILLIS_MAX);
        LoadRunner.From early = fromOpen ? LoadRunner.From.OPEN : LoadRunner.From.START;
        return new LoadRunner.When(isLast ? LoadRunner.From.ACKNOWLEDGED : early, millis);
    }

    /** Opens the log as the next process would; one time in three the next process is the one that does. */
    private void compare(Path folder, Witness witness, int kill) throws IOException {
        try (EventLog log = EmbeddedEventLog.open(folder, LoadProcess.config())) {
            witness.compare(log);
        } catch (AssertionError e) {
            throw new AssertionError("after kill " + kill + " of seed " + SEED + ": " + e.getMessage(), e);
        }
        VerifyReport report = Verify.folder(folder);
        assertEquals(List.of(), report.findings(), "after kill " + kill + " of seed " + SEED);
        assertEquals(witness.events(), report.events());
    }

    private static void clear(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
