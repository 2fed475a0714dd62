package celeriant.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.TrafficLimits;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is slow is not waited for, and who comes too often is told so. */
@Timeout(240)
class SlowCallersTest {
    private static final int HEAD_SECONDS = TrafficLimits.DEFAULT.headSeconds();
    private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final Caller caller = new Caller(Caller::echo);

    private void assertTooSlow() {
        String answer = caller.received();
        assertTrue(answer.startsWith("HTTP/1.1 408 ") && answer.contains("\"code\":\"too-slow\""), answer);
        assertFalse(caller.after(LoopConnections.LINGER_SECONDS + 1).isOpen());
    }

    @Test
    void aHeadThatIsNotThereInTimeIsNotWaitedFor() {
        caller.send("GET / HT").after(HEAD_SECONDS - 1).send("TP/1.1\r\n");
        assertEquals("", caller.received());
        caller.after(1);
        assertTooSlow();
    }

    @Test
    void aHeadThatComesByteByByteHasNoMoreTimeThanAnother() {
        for (int second = 0; second < HEAD_SECONDS; second++) {
            caller.send("G").after(1);
        }
        assertTooSlow();
    }

    @Test
    void everyRequestHasItsOwnTime() {
        for (int i = 0; i < 5; i++) {
            caller.send("GET / HTTP").after(HEAD_SECONDS - 1).send("/1.1\r\nHost: h\r\n\r\n");
            assertTrue(caller.received().startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void aBodyThatTricklesIsNotWaitedFor() {
        caller.send(POST);
        for (int second = 0; second < HEAD_SECONDS; second++) {
            caller.send("x".repeat(TrafficLimits.DEFAULT.bodyBytesPerSecondMin() - 1))
                    .after(1);
        }
        assertTooSlow();
    }

    @Test
    void whatIsHeldForARequestIsLetGoWhenItsBodyTrickles() {
        AtomicInteger gone = new AtomicInteger();
        Caller trickling = new Caller((head, carrier) -> {
            carrier.onGone(gone::incrementAndGet);
            Caller.echo(head, carrier);
        });
        trickling.send(POST).after(HEAD_SECONDS);
        assertEquals(1, gone.get());
        assertFalse(trickling.after(LoopConnections.LINGER_SECONDS + 1).isOpen());
        assertEquals(1, gone.get());
    }

    @Test
    void aBodyThatComesAtTheLeastPaceIsTaken() {
        caller.send(POST);
        int left = 100_000;
        while (left > 0) {
            int piece = Math.min(left, TrafficLimits.DEFAULT.bodyBytesPerSecondMin());
            caller.send("x".repeat(piece)).after(1);
            left -= piece;
        }
        assertTrue(caller.received().startsWith("HTTP/1.1 200 "));
    }

    @Test
    void whoWaitsForAnAnswerIsNotHurried() {
        List<Carrier> asked = new ArrayList<>();
        Caller waiting = new Caller((head, carrier) -> asked.add(carrier));
        waiting.send(POST + "x".repeat(10)).after(2 * HEAD_SECONDS);
        assertTrue(waiting.isOpen(), "nobody has asked for the body yet");
        waiting.send("x");
        Caller.answer(asked.get(0), 200, "done");
        assertTrue(waiting.received().endsWith("done"));
    }

    static TrafficLimits limits(int perAddressMax, int readerSeconds, long unsentBytesMax) {
        TrafficLimits usual = TrafficLimits.DEFAULT;
        return new TrafficLimits(
                usual.connectionsMax(),
                perAddressMax,
                usual.headSeconds(),
                usual.bodyBytesPerSecondMin(),
                readerSeconds,
                unsentBytesMax,
                usual.clientRequestsMax(),
                usual.deviceRequestsPerSecond(),
                usual.deviceRequestsBurst(),
                usual.deviceStreamsMax(),
                usual.badProofsPerMinute());
    }

    private static boolean isCut(TrafficLimits limits) throws IOException, InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        try (HttpServers servers = HttpServers.bind("127.0.0.1", 0, 1, limits);
                Socket socket = new Socket("127.0.0.1", servers.port())) {
            servers.serve((head, carrier) -> {
                carrier.begin(Caller.head(200));
                carrier.onGone(gone::countDown);
                Frame piece = Frame.of(new byte[1 << 16]);
                while (!carrier.isFull()) {
                    carrier.write(piece);
                }
                carrier.onDrain(() -> carrier.write(piece));
            });
            socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            return gone.await(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aReaderThatTakesNothingIsClosed() throws IOException, InterruptedException {
        assertTrue(isCut(limits(10, 2, 1L << 30)));
    }

    @Test
    void whenTooMuchWaitsWhoTakesNothingIsClosedSooner() throws IOException, InterruptedException {
        assertTrue(isCut(limits(10, 1_000, 1)));
    }

    @Test
    void oneAddressHasSoManyConnections() throws IOException {
        try (HttpServers servers = HttpServers.bind("127.0.0.1", 0, 2, limits(2, 30, 1 << 20))) {
            servers.serve((head, carrier) -> Caller.answer(carrier, 200, "here"));
            Socket first = connected(servers);
            Socket second = connected(servers);
            try (Socket third = new Socket("127.0.0.1", servers.port())) {
                String refused = new String(third.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(refused.startsWith("HTTP/1.1 429 "), refused);
                assertTrue(refused.contains("Retry-After: 1\r\n"), refused);
                assertTrue(refused.contains("at most 2 connections from one address"), refused);
            }
            first.close();
            awaitPlace(servers).close();
            second.close();
        }
    }

    private static Socket connected(HttpServers servers) throws IOException {
        Socket socket = new Socket("127.0.0.1", servers.port());
        socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        assertEquals("HTTP/1.1 200", new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
        return socket;
    }

    /** The server learns a little later that somebody has left. */
    private static Socket awaitPlace(HttpServers servers) throws IOException {
        while (true) {
            Socket socket = new Socket("127.0.0.1", servers.port());
            socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            if (new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).endsWith("200")) {
                return socket;
            }
            socket.close();
        }
    }
}
