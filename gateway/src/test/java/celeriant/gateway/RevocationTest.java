package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A right that is taken away is gone from streams that are open, while the log grows, soon and for good. */
@Timeout(240)
class RevocationTest {
    private static final String BOARD = "/v1/acme/canvas/board-1";

    /** The promise is a second; a machine that does ten other things may take longer. */
    private static final Duration SOON = Duration.ofSeconds(5);

    /** It may hold up one revocation, and the next, but not each. */
    private static final int TRIES = 5;

    private final Operator operator = Operator.local();
    private final InMemoryEventLog log = new InMemoryEventLog(Gateway.admission(operator));
    private final Gateway gateway = Gateway.builder(log).operator(operator).start();
    private final TestDevice owner = new TestDevice(gateway.url());
    private final TestDevice reader = new TestDevice(gateway.url());
    private long sequence;

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private void append(TestDevice device, String path, long number) {
        Reply reply = device.append(path, number, "{\"type\":\"drawn\",\"data\":" + number + "}");
        assertEquals(201, reply.status(), reply::toString);
    }

    private void grant(String path) {
        String grant = "{\"grants\":[{\"client\":\"" + reader.client() + "\",\"level\":\"reader\"}]}";
        assertEquals(200, owner.request("PATCH", path + "/access", grant).status());
    }

    /** @return how long it took until the stream said so */
    private Duration revoke(SseReader stream) {
        long before = System.nanoTime();
        String revoked = "{\"client\":\"" + reader.client() + "\"}";
        assertEquals(200, owner.post(BOARD + "/revoke", revoked).status());
        assertEquals(
                "{\"aggregate\":\"canvas/board-1\"}", await(stream, "revoked").data());
        return Duration.ofNanos(System.nanoTime() - before);
    }

    @Test
    void anOpenStreamLosesWhatWasRevokedAndGoesOnWithTheRest() {
        append(owner, BOARD, ++sequence);
        append(owner, "/v1/acme/canvas/other", ++sequence);
        grant(BOARD);
        grant("/v1/acme/canvas/other");
        TestDevice busy = new TestDevice(gateway.url());
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            for (long i = 1; !done.get(); i++) {
                append(busy, "/v1/acme/load/busy", i);
            }
        });
        try (SseReader stream = new SseReader(reader.open("/v1/acme/events", "Accept", "text/event-stream"))) {
            await(stream, "caught-up");
            append(owner, BOARD, ++sequence);
            assertTrue(await(stream, "").data().contains("canvas/board-1"));

            Duration taken = revoke(stream);
            for (int i = 1; i < TRIES && taken.compareTo(SOON) >= 0; i++) {
                grant(BOARD);
                await(stream, "granted");
                taken = revoke(stream);
            }
            assertTrue(taken.compareTo(SOON) < 0, "it took " + taken);

            append(owner, BOARD, ++sequence);
            append(owner, "/v1/acme/canvas/other", ++sequence);
            String next = await(stream, "").data();
            assertTrue(next.contains("canvas/other") && !next.contains("canvas/board-1"), next);
        } finally {
            done.set(true);
            load.join();
        }
    }

    private static SseReader.Message await(SseReader stream, String event) {
        SseReader.Message message = stream.next();
        while (!message.event().equals(event)) {
            assertTrue(!message.event().equals("end"), "the stream has ended");
            message = stream.next();
        }
        return message;
    }
}
