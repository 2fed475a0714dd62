package celeriant.log.embedded.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import celeriant.log.EventLog;
import celeriant.log.embedded.EmbeddedEventLog;
import celeriant.log.embedded.verify.Verify;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kernel answers one system call of a thread that writes with an error, and claims from then on that all is well
 * (strace's injection counts by thread). Skipped, and says so, where there is no strace or no right to trace.
 */
class StorageFaultTest {
    private static final LoadRunner.When AFTER_RESTART = new LoadRunner.When(LoadRunner.From.ACKNOWLEDGED, 300);

    private final Witness witness = new Witness();
    private final List<String> failures = new ArrayList<>();
    private String end = "";

    @TempDir
    private Path root;

    private static boolean canTrace() {
        try {
            return new ProcessBuilder("strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync", "true")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void hear(String line) {
        if (line.startsWith("failed ")) {
            failures.add(line);
        } else if (line.startsWith("end ")) {
            end = line;
        } else {
            witness.hear(line);
        }
    }

    @ParameterizedTest
    @CsvSource({"fdatasync, EIO, 1", "fdatasync, EIO, 60", "pwrite64, ENOSPC, 20", "pwrite64, EIO, 90"})
    void aFailedCallStopsAppendsForGoodAndLosesNothing(String call, String error, int at) throws IOException {
        assumeTrue(canTrace(), "strace cannot trace here: faults of system calls were not tested");
        Path folder = root.resolve("log");
        try (EventLog log = EmbeddedEventLog.open(folder, LoadProcess.config())) {
            assertEquals(0, log.head(LoadProcess.ORG).position());
        }
        List<String> strace = List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + call,
                "-e",
                "inject=" + call + ":error=" + error + ":when=" + at);
        new LoadRunner(folder, strace).runToItsEnd(at, this::hear);
        assertTrue(
                failures.stream().anyMatch(line -> line.contains("OutcomeUnknownException")),
                () -> "nothing failed: " + failures + end);
        assertEquals(LoadProcess.CLIENTS, failures.size(), () -> "some went on: " + failures);
        assertTrue(end.startsWith("end false "), end);
        long readable = Long.parseLong(end.split(" ")[2]);

        compare(folder);
        assertTrue(witness.events() >= readable, "read before the restart, and gone: " + readable);
        new LoadRunner(folder).run(at, AFTER_RESTART, witness::hear);
        compare(folder);
    }

    private void compare(Path folder) throws IOException {
        try (EventLog log = EmbeddedEventLog.open(folder, LoadProcess.config())) {
            witness.compare(log);
        }
        assertEquals(List.of(), Verify.folder(folder).findings());
    }
}
