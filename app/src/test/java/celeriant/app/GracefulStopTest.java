package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end (SIGTERM) lets its streams come back elsewhere, and is gone within 5 s. */
@Timeout(120)
class GracefulStopTest {
    private static final int SIGTERM_STATUS = 128 + 15;
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    @Test
    void streamsAreToldToComeBackAndWhatWasTakenIsKept() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        String key = Backend.key(data);
        try (ServeProcess serve = ServeProcess.start(data, Map.of())) {
            Backend backend = Backend.at(serve.url(), key);
            BufferedReader stream = lines(backend);
            assertEquals(
                    201,
                    backend.send("POST", "/v1/acme/canvas/one/events", "[{\"type\":\"drawn\",\"data\":1}]")
                            .statusCode());
            readUntil(stream, "data: [{");
            Stop stop = Stop.begin(serve);
            readUntil(stream, "event: closing");
            assertEquals("data: {}", stream.readLine());
            while (stream.readLine() != null) {
                // Nothing but the end may come.
            }
            assertEquals(SIGTERM_STATUS, serve.status());
            stop.assertWithin(STOP_MAX);
        }
        try (ServeProcess again = ServeProcess.start(data, Map.of())) {
            readUntil(lines(Backend.at(again.url(), key)), "data: [{");
        }
    }

    private static BufferedReader lines(Backend backend) throws IOException, InterruptedException {
        return new BufferedReader(new InputStreamReader(backend.stream().body(), StandardCharsets.UTF_8));
    }

    private static void readUntil(BufferedReader stream, String begin) throws IOException {
        String line = stream.readLine();
        while (line != null && !line.startsWith(begin)) {
            line = stream.readLine();
        }
        assertTrue(line != null, () -> "the stream ended before " + begin);
    }

    /** Measures how long the end takes. */
    private record Stop(long startNanos) {
        static Stop begin(ServeProcess serve) {
            Stop stop = new Stop(System.nanoTime());
            serve.terminate();
            return stop;
        }

        void assertWithin(Duration most) {
            Duration taken = Duration.ofNanos(System.nanoTime() - startNanos);
            assertTrue(taken.compareTo(most) <= 0, () -> "it took " + taken);
        }
    }
}
