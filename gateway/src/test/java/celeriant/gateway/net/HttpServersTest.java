package celeriant.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.TrafficLimits;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class HttpServersTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    private static final int PIECE_BYTES = 16 * 1024;
    private static final int PIECES = 4_000;

    private static String ask(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Transport transport(boolean isNative) {
        return isNative ? Transport.ofThisMachine() : Transport.java();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPortIsServedByAllLoopsWithEitherTransport(boolean isNative) throws IOException {
        try (HttpServers servers = HttpServers.bind(transport(isNative), "127.0.0.1", 0, 2, TrafficLimits.DEFAULT)) {
            String refused = ask(servers.port(), GET);
            assertTrue(refused.startsWith("HTTP/1.1 503 "), refused);
            assertTrue(refused.contains("Content-Type: application/problem+json\r\n"), refused);
            AtomicInteger loops = new AtomicInteger();
            servers.serve((head, carrier) -> {
                loops.getAndUpdate(seen -> seen | 1 << carrier.loop().index());
                Caller.echo(head, carrier);
            });
            for (int i = 0; i < 4; i++) {
                assertTrue(ask(servers.port(), GET).endsWith("\r\n\r\nGET / "));
            }
            assertEquals(3, loops.get());
            servers.refuseNew();
            assertTrue(ask(servers.port(), GET).startsWith("HTTP/1.1 503 "));
        }
    }

    @Test
    void aPortBesideIsServedUntilWhatIsInFlightIsFinished() throws IOException, InterruptedException {
        CountDownLatch inFlight = new CountDownLatch(1);
        HttpServers servers = HttpServers.bind("127.0.0.1", 0, 1, TrafficLimits.DEFAULT);
        servers.serve((head, carrier) -> inFlight.countDown());
        int beside = servers.listenBeside("127.0.0.1", 0, (head, carrier) -> Caller.answer(carrier, 503, "stopping"));
        Thread stopping;
        try (Socket waiting = new Socket("127.0.0.1", servers.port())) {
            waiting.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            inFlight.await();
            stopping = Thread.startVirtualThread(servers::close);
            while (isListening(servers.port())) {
                Thread.onSpinWait();
            }
            assertTrue(ask(beside, GET).endsWith("stopping"));
        }
        stopping.join();
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aRefusedBodyDoesNotCostTheCallerItsAnswer() throws IOException {
        try (HttpServers servers = HttpServers.bind("127.0.0.1", 0, 1, TrafficLimits.DEFAULT)) {
            servers.serve((head, carrier) -> Caller.answer(carrier, 401, "who?"));
            String body = "x".repeat(4 << 20);
            String request =
                    GET.replace("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: " + body.length() + "\r\n\r\n");
            assertTrue(ask(servers.port(), request + body).endsWith("who?"));
            assertTrue(ask(servers.port(), "nonsense\r\n\r\n" + body).startsWith("HTTP/1.1 400 "));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReaderIsWrittenNoMoreThanItTakes(boolean isNative) throws IOException, InterruptedException {
        AtomicInteger written = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(1);
        try (HttpServers servers = HttpServers.bind(transport(isNative), "127.0.0.1", 0, 1, TrafficLimits.DEFAULT);
                Socket socket = new Socket("127.0.0.1", servers.port())) {
            servers.serve((head, carrier) -> {
                carrier.begin(Caller.head(200));
                Runnable pump = () -> pump(carrier, written, full);
                carrier.onDrain(pump);
                pump.run();
            });
            socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            assertTrue(full.await(60, TimeUnit.SECONDS));
            assertTrue(written.get() < PIECES);
            byte[] all = socket.getInputStream().readAllBytes();
            assertTrue(all.length > PIECES * PIECE_BYTES, "and all of it when it takes more");
        }
    }

    private static void pump(Carrier carrier, AtomicInteger written, CountDownLatch full) {
        while (!carrier.isFull() && written.get() < PIECES) {
            carrier.write(Frame.of(new byte[PIECE_BYTES]));
            written.incrementAndGet();
        }
        if (written.get() == PIECES) {
            carrier.end();
        }
        full.countDown();
    }

    @Test
    void aPortThatIsTakenIsToldSo() {
        try (HttpServers servers = HttpServers.bind("127.0.0.1", 0, 1, TrafficLimits.DEFAULT)) {
            assertThrows(
                    IllegalStateException.class,
                    () -> HttpServers.bind("127.0.0.1", servers.port(), 1, TrafficLimits.DEFAULT));
        }
    }
}
