package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The machine's clock is put back, as by a time service after a start with a wrong one. */
@Timeout(240)
class ClockJumpsTest {
    private static final String BOARD = "/v1/acme/canvas/board-1";
    /** So many that what is remembered of the proofs is all looked at meanwhile. */
    private static final int PROOFS = 300;

    private static final Duration FAR = Duration.ofHours(1);

    private volatile Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final Operator operator = Operator.local();
    private final InMemoryEventLog log = new InMemoryEventLog(Gateway.admission(operator), () -> now, UUID::randomUUID);
    private final Gateway gateway =
            Gateway.builder(log).operator(operator).clock(() -> now).start();
    private final TestDevice device = new TestDevice(gateway.url());

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private static HttpRequest copy(HttpRequest request) {
        HttpRequest.Builder copy =
                HttpRequest.newBuilder(URI.create(request.uri().toString()));
        request.headers().map().forEach((name, values) -> copy.header(name, values.getFirst()));
        return copy.GET().build();
    }

    @Test
    void aProofIsGoodOnceThoughTheClockWasPutBackAndCameThereAgain() {
        device.nonce();
        HttpRequest first = device.builder("GET", "/v1/acme/me", null).build();
        assertEquals(200, device.send(first).status());
        now = now.minus(FAR);
        assertEquals(401, device.send(copy(first)).status());
        TestDevice other = new TestDevice(gateway.url());
        for (int i = 0; i < PROOFS; i++) {
            other.token();
            other.hold(null);
        }
        now = now.plus(FAR);
        assertEquals(401, device.send(copy(first)).status());
    }

    @Test
    void aPresenceLapsesThoughTheClockWasPutBack() {
        Reply created = device.append(BOARD, 1, "{\"type\":\"drawn\",\"data\":1}");
        assertEquals(201, created.status(), created::toString);
        try (SseReader stream = new SseReader(device.open("/v1/acme/events", "Accept", "text/event-stream"))) {
            String present = "{\"instance\":\"tab-1\",\"data\":1,\"ttl\":10}";
            assertEquals(
                    204, device.request("PUT", BOARD + "/presence", present).status());
            assertTrue(nextPresence(stream).endsWith("\"data\":1}"));
            now = now.minus(FAR);
            assertEquals(200, device.get("/v1/acme/me").status());
            now = now.plusSeconds(10);
            assertTrue(nextPresence(stream).endsWith("\"data\":null}"));
        }
    }

    @Test
    void aPollWaitsNoLongerThoughTheClockWasPutBack() {
        CompletableFuture<Reply> poll =
                CompletableFuture.supplyAsync(() -> device.get("/v1/acme/events?live=poll&wait=10"));
        untilOneIsOpen();
        now = now.minus(FAR);
        assertEquals(200, new TestDevice(gateway.url()).get("/v1/acme/me").status());
        now = now.plusSeconds(10);
        assertEquals(200, poll.join().status());
    }

    private void untilOneIsOpen() {
        HttpRequest metrics = HttpRequest.newBuilder(URI.create(gateway.adminUrl() + "/metrics"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!http.send(metrics, BodyHandlers.ofString()).body().contains("\nceleriant_streams 1\n")) {
                Thread.onSpinWait();
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String nextPresence(SseReader stream) {
        SseReader.Message message = stream.next();
        while (!message.event().equals("presence")) {
            assertTrue(!message.event().equals("end"), "the stream has ended");
            message = stream.next();
        }
        return message.data();
    }
}
