package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rule of retention, from the flag to the disk: streams are told, reads begin later, and no file holds the rest. */
@Timeout(240)
class RetentionOverTheGatewayTest {
    private static final int EVENTS = 30;
    private static final long GONE_WITHIN_SECONDS = 120;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    @TempDir
    private Path folder;

    private Backend backend;

    private void append(String type, int number) throws IOException, InterruptedException {
        String body = "[{\"type\":\"drawn\",\"key\":\"k\",\"data\":\"canary-%s-%d.\"}]".formatted(type, number);
        assertEquals(
                201,
                backend.send("POST", "/v1/acme/" + type + "/one/events", body).statusCode());
    }

    private boolean isOnDisk(String text) throws IOException {
        try (var files = Files.list(folder.resolve("data").resolve("log"))) {
            List<Path> segments =
                    files.filter(file -> file.toString().endsWith(".segment")).toList();
            for (Path segment : segments) {
                if (Files.readString(segment, StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException replacedMeanwhile) {
            return true;
        }
    }

    private void awaitGone(String text) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GONE_WITHIN_SECONDS);
        while (isOnDisk(text)) {
            assertTrue(System.nanoTime() < end, text + " is still on the disk");
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @ParameterizedTest
    @CsvSource({"canvas:events=5, 0", "canvas:age=2s, 3"})
    void whatIsOverTheRuleGoesFromReadsFromStreamsAndFromTheDisk(String rule, int compressionLevel) throws Exception {
        Path data = folder.resolve("data");
        String key = Backend.key(data);
        try (ServeProcess serve = ServeProcess.start(
                data,
                Map.of(),
                "--retention",
                rule,
                "--retention-every",
                "1s",
                "--log-removal-deadline",
                "1s",
                "--log-compression-level",
                Integer.toString(compressionLevel))) {
            backend = Backend.at(serve.url(), key);
            BufferedReader stream =
                    new BufferedReader(new InputStreamReader(backend.stream().body(), StandardCharsets.UTF_8));
            append("note", 1);
            for (int i = 1; i <= EVENTS; i++) {
                append("canvas", i);
            }
            String told = stream.readLine();
            while (told != null && !told.contains("$trimmed")) {
                told = stream.readLine();
            }
            assertTrue(told != null && told.contains("firstVersion"), "the stream ended before it was told");
            awaitGone("canary-canvas-1.");
            String kept = backend.send("GET", "/v1/acme/canvas/one/state", "").body();
            assertTrue(kept.contains("canary-canvas-" + EVENTS), kept);
            assertEquals(
                    410,
                    backend.send("GET", "/v1/acme/canvas/one/events?after=0", "")
                            .statusCode());
            String merged = backend.send("GET", "/v1/acme/events?after=0", "").body();
            assertFalse(merged.contains("canary-canvas-1."), merged);
            assertTrue(merged.contains("canary-note-1."), "another type is not the rule's");
        }
    }

    @Test
    void withoutARuleEverythingStays() throws Exception {
        Path data = folder.resolve("data");
        String key = Backend.key(data);
        try (ServeProcess serve = ServeProcess.start(data, Map.of(), "--log-removal-deadline", "1s")) {
            backend = Backend.at(serve.url(), key);
            for (int i = 1; i <= EVENTS; i++) {
                append("canvas", i);
            }
            assertEquals(
                    200,
                    backend.send("GET", "/v1/acme/canvas/one/events?after=0", "")
                            .statusCode());
            assertTrue(isOnDisk("canary-canvas-1."));
        }
    }
}
