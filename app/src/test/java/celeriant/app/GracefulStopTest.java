package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end (SIGTERM) lets its streams come back elsewhere, and is gone within 5 s. */
@Timeout(240)
class GracefulStopTest {
    private static final int SIGTERM_STATUS = 128 + 15;
    private static final int EVENT_CHARS = 4_000;
    private static final int EVENTS = 900;
    private static final int SMALL_BYTES = 4_096;
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    /** A machine that does other things, too, may hold up one process, and the next, but not each. */
    private static final int TRIES = 5;

    @TempDir
    private Path folder;

    /** A process on a folder of its own: how long its end took. */
    private interface Stopped {
        Duration on(Path data) throws IOException, InterruptedException;
    }

    private void assertStopsInTime(Stopped process) throws IOException, InterruptedException {
        Duration taken = process.on(folder.resolve("data"));
        for (int i = 1; i < TRIES && taken.compareTo(STOP_MAX) > 0; i++) {
            taken = process.on(folder.resolve("data" + i));
        }
        assertTrue(taken.compareTo(STOP_MAX) <= 0, "it took " + taken);
    }

    @Test
    void streamsAreToldToComeBackAndWhatWasTakenIsKept() throws IOException, InterruptedException {
        assertStopsInTime(this::stopOfAStream);
    }

    private Duration stopOfAStream(Path data) throws IOException, InterruptedException {
        Duration taken;
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
            taken = stop.taken();
        }
        try (ServeProcess again = ServeProcess.start(data, Map.of())) {
            readUntil(lines(Backend.at(again.url(), key)), "data: [{");
        }
        return taken;
    }

    @Test
    void callersThatDoNotMoveDoNotHoldItUp() throws IOException, InterruptedException {
        assertStopsInTime(this::stopWithCallersThatDoNotMove);
    }

    private Duration stopWithCallersThatDoNotMove(Path data) throws IOException, InterruptedException {
        String key = Backend.key(data);
        try (ServeProcess serve = ServeProcess.start(data, Map.of())) {
            Backend backend = Backend.at(serve.url(), key);
            String events = "["
                    + "{\"type\":\"drawn\",\"data\":\"%s\"},"
                            .formatted("x".repeat(EVENT_CHARS))
                            .repeat(EVENTS) + "{\"type\":\"drawn\",\"data\":1}]";
            assertEquals(
                    201,
                    backend.send("POST", "/v1/acme/canvas/one/events", events).statusCode());
            try (Socket readsNothing =
                            raw(serve, "GET /v1/acme/events?after=0 HTTP/1.1", key, "Accept: text/event-stream");
                    Socket sendsNoBody = raw(serve, "POST /v1/acme/appends HTTP/1.1", key, "Content-Length: 100")) {
                readUntil(lines(backend), "event: caught-up");
                Stop stop = Stop.begin(serve);
                assertEquals(SIGTERM_STATUS, serve.status(), () -> readsNothing + " " + sendsNoBody);
                return stop.taken();
            }
        }
    }

    private static Socket raw(ServeProcess serve, String line, String key, String header) throws IOException {
        URI url = URI.create(serve.url());
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_BYTES);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        String head = line + "\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n" + header + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
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

        Duration taken() {
            return Duration.ofNanos(System.nanoTime() - startNanos);
        }
    }
}
