package celeriant.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import celeriant.gateway.http.Loop;
import celeriant.gateway.http.TrafficLimits;
import io.netty.channel.epoll.Epoll;
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

/** Who was answered does not wait until the requests of all others have been read. */
@Timeout(240)
class ReadInRoundTest {
    private static final int CONNECTIONS = 100;

    /** In no header. */
    private static final String ANSWER = "taken";

    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger receivedAtFirstAnswer = new AtomicInteger();
    private final List<Socket> sockets = new ArrayList<>();

    @Test
    void answersGoOutBetweenTheRequestsOfMany() throws IOException, InterruptedException {
        assumeTrue(Epoll.isAvailable(), "needs Linux's epoll");
        try (HttpServers servers = HttpServers.bind("127.0.0.1", 0, 1, TrafficLimits.DEFAULT)) {
            servers.serve((head, carrier) -> {
                received.incrementAndGet();
                // As the log does: the answer comes from elsewhere, and hops to the loop.
                carrier.loop().run(() -> {
                    receivedAtFirstAnswer.compareAndSet(0, received.get());
                    Caller.answer(carrier, 200, ANSWER);
                });
            });
            for (int i = 0; i < CONNECTIONS; i++) {
                sockets.add(new Socket("127.0.0.1", servers.port()));
            }
            // Once each was served, the loop knows all connections.
            sendAll();
            readAll();
            received.set(0);
            receivedAtFirstAnswer.set(0);
            sendWhileItIsBusy(servers.loops().get(0));
            readAll();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertEquals(CONNECTIONS, received.get());
        assertTrue(
                receivedAtFirstAnswer.get() < CONNECTIONS / 2,
                () -> "the first answer came when so many were read: " + receivedAtFirstAnswer);
    }

    private void sendWhileItIsBusy(Loop loop) throws IOException, InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        loop.run(() -> {
            busy.countDown();
            try {
                sent.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertTrue(busy.await(60, TimeUnit.SECONDS));
        sendAll();
        sent.countDown();
    }

    private void sendAll() throws IOException {
        for (Socket socket : sockets) {
            socket.getOutputStream().write(REQUEST);
        }
    }

    private void readAll() throws IOException {
        for (Socket socket : sockets) {
            StringBuilder answer = new StringBuilder();
            while (!answer.toString().endsWith(ANSWER)) {
                answer.append((char) socket.getInputStream().read());
            }
        }
    }
}
