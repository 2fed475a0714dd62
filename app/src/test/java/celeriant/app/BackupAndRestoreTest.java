package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A gateway under load is backed up twice, lost, and served again from the copy, with its keys. */
@Timeout(240)
class BackupAndRestoreTest {
    private static final int EVENTS = 40;
    private static final String DATA = "x".repeat(5_000);

    @TempDir
    private Path folder;

    private String run(int status, String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine command = Main.commandLine(Map.of());
        command.setOut(new PrintWriter(said));
        command.setErr(new PrintWriter(said, true));
        assertEquals(status, command.execute(arguments), said::toString);
        return said.toString();
    }

    private String backup() {
        return run(0, "backup", "--data", data().toString(), "--to", copy().toString());
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path copy() {
        return folder.resolve("copy");
    }

    private ServeProcess serve(Path from) throws IOException {
        return ServeProcess.start(from, Map.of(), "--log-segment-bytes", "65536");
    }

    private static void append(Backend backend, int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            String body = "[{\"type\":\"drawn\",\"data\":\"" + DATA + "\"}]";
            assertEquals(
                    201,
                    backend.send("POST", "/v1/acme/canvas/one/events", body).statusCode());
        }
    }

    private static String all(Backend backend) throws IOException, InterruptedException {
        return backend.send("GET", "/v1/acme/events?after=0&limit=1000", "").body();
    }

    @Test
    void whatWasBackedUpIsServedAgainAndTheNextBackupTakesOnlyWhatIsNew() throws Exception {
        String key = Backend.key(data());
        String before;
        try (ServeProcess serve = serve(data())) {
            Backend backend = Backend.at(serve.url(), key);
            append(backend, EVENTS);
            String first = backup();
            append(backend, EVENTS);
            before = all(backend);
            String second = backup();
            assertNotEquals(news(first), news(second));
            assertTrue(news(second) < segments(second), second);
            append(backend, 1);
            assertNotEquals(before, all(backend));
        }
        assertTrue(run(0, "verify", "--data", copy().toString()).contains("good"));
        try (ServeProcess restored = serve(copy())) {
            Backend backend = Backend.at(restored.url(), key);
            assertEquals(before, all(backend), "the log as it was, with the same id and hash");
            append(backend, 1);
        }
    }

    private static int segments(String said) {
        return Integer.parseInt(said.split(" ")[0]);
    }

    private static int news(String said) {
        return Integer.parseInt(said.split(" ")[2]);
    }

    @Test
    void aSecondProcessOnTheFolderIsRefusedAndTheFirstGoesOn() throws Exception {
        String key = Backend.key(data());
        try (ServeProcess serve = serve(data())) {
            String said = run(1, "serve", "--port", "0", "--data", data().toString());
            assertTrue(said.contains("is open already"), said);
            append(Backend.at(serve.url(), key), 1);
        }
    }
}
