package celeriant.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.Outlet;
import celeriant.gateway.http.TrafficLimits;
import io.netty.channel.epoll.Epoll;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is delivered at once: a reader that takes nothing is noticed soon, and what it takes later has no hole. */
@Timeout(240)
class DeliveryTest {
    private static final int FRAMES = 20_000;
    private static final int FRAME_BYTES = 400;
    private static final int SMALL_BUFFER_BYTES = 4_096;
    private static final int SOON_BYTES = 200_000;
    private static final int OTHERS = 64;
    private static final int ANSWERS = 1_000;
    private static final int ANSWER_BYTES = 10_000;

    private final CountDownLatch full = new CountDownLatch(1);
    private volatile int next;
    private volatile int whenFull;

    private static Frame frame(int number) {
        String line = number + " " + "x".repeat(FRAME_BYTES) + "\n";
        return Frame.shared(line.getBytes(StandardCharsets.US_ASCII));
    }

    private void deliver(Carrier carrier) {
        while (next < FRAMES) {
            if (!carrier.outlet().deliver(frame(next++))) {
                whenFull = whenFull == 0 ? next : whenFull;
                full.countDown();
                return;
            }
        }
        carrier.end();
    }

    private static List<Integer> read(Socket socket, int count, int bytes) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        List<Integer> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            String line = lines.readLine();
            if (line.contains(" x")) {
                assertEquals(bytes, line.length() - line.indexOf('x'));
                numbers.add(Integer.parseInt(line.substring(0, line.indexOf(' '))));
            }
        }
        return numbers;
    }

    @Test
    void aReaderThatStopsIsNoticedSoonAndMissesNothing() throws IOException, InterruptedException {
        assumeTrue(Epoll.isAvailable(), "needs Linux's epoll");
        try (HttpServers servers = HttpServers.bind("127.0.0.1", 0, 1, TrafficLimits.DEFAULT);
                Socket socket = new Socket()) {
            servers.serve((head, carrier) -> {
                carrier.begin(Caller.head(200));
                carrier.holdsLittle();
                carrier.onDrain(() -> deliver(carrier));
                carrier.loop().later(() -> deliver(carrier));
            });
            socket.setReceiveBufferSize(SMALL_BUFFER_BYTES);
            socket.connect(new InetSocketAddress("127.0.0.1", servers.port()));
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(full.await(60, TimeUnit.SECONDS));
            assertTrue(whenFull * FRAME_BYTES < SOON_BYTES, () -> "it took " + whenFull + " frames unread");
            assertEquals(IntStream.range(0, FRAMES).boxed().toList(), read(socket, FRAMES, FRAME_BYTES));
        }
    }

    /** Each is answered before the next is sent, so that nothing is gathered; nobody reads until all are. */
    @Test
    void answersThatTheNetworkTakesInPartGoOutWholeAndInOrder() throws IOException, InterruptedException {
        assumeTrue(Epoll.isAvailable(), "needs Linux's epoll");
        Semaphore answered = new Semaphore(0);
        try (HttpServers servers = HttpServers.bind("127.0.0.1", 0, 1, TrafficLimits.DEFAULT);
                Socket socket = new Socket()) {
            servers.serve((head, carrier) -> {
                Caller.answer(carrier, 200, head.path().substring(1) + " " + "x".repeat(ANSWER_BYTES) + "\n");
                answered.release();
            });
            socket.setReceiveBufferSize(SMALL_BUFFER_BYTES);
            socket.connect(new InetSocketAddress("127.0.0.1", servers.port()));
            for (int i = 0; i < ANSWERS; i++) {
                String request = "GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertTrue(answered.tryAcquire(60, TimeUnit.SECONDS));
            }
            assertEquals(IntStream.range(0, ANSWERS).boxed().toList(), read(socket, ANSWERS, ANSWER_BYTES));
        }
    }

    /** The kernel gives a closed socket's number to the next one that is opened. */
    @Test
    void whatIsDeliveredToAClosedConnectionReachesNobodyElse() throws IOException, InterruptedException {
        assumeTrue(Epoll.isAvailable(), "needs Linux's epoll");
        CountDownLatch delivered = new CountDownLatch(1);
        List<Socket> others = new ArrayList<>();
        try (ServerSocket elsewhere = new ServerSocket(0, OTHERS, InetAddress.getLoopbackAddress());
                HttpServers servers = HttpServers.bind("127.0.0.1", 0, 1, TrafficLimits.DEFAULT);
                Socket socket = new Socket("127.0.0.1", servers.port())) {
            servers.serve((head, carrier) -> {
                carrier.begin(Caller.head(200));
                Outlet outlet = carrier.outlet();
                carrier.loop().later(() -> {
                    carrier.disconnect();
                    open(others, elsewhere.getLocalPort());
                    outlet.deliver(frame(1));
                    delivered.countDown();
                });
            });
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(delivered.await(60, TimeUnit.SECONDS));
            for (Socket other : others) {
                other.close();
                assertEquals(-1, elsewhere.accept().getInputStream().read());
            }
        }
    }

    /** The connection is the next request's by then. */
    @Test
    void whatIsDeliveredAfterTheEndIsInNoOtherAnswer() throws IOException {
        try (HttpServers servers = HttpServers.bind("127.0.0.1", 0, 1, TrafficLimits.DEFAULT);
                Socket socket = new Socket("127.0.0.1", servers.port())) {
            List<Outlet> ended = new ArrayList<>();
            servers.serve((head, carrier) -> {
                ended.forEach(outlet -> outlet.deliver(frame(1)));
                carrier.begin(Caller.head(200));
                Outlet outlet = carrier.outlet();
                ended.add(outlet);
                carrier.loop().later(() -> {
                    outlet.deliver(frame(0));
                    carrier.end();
                });
            });
            for (int i = 0; i < 2; i++) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertEquals(List.of(0), read(socket, 1, FRAME_BYTES));
            }
        }
    }

    private static void open(List<Socket> others, int port) {
        try {
            for (int i = 0; i < OTHERS; i++) {
                others.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
