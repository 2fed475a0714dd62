package celeriant.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A closed loop over many keep-alive connections on one thread: each has one request in flight and sends the next when
 * the answer is there. One selector, no objects per request, so that it takes as little as it can of the two cores that
 * it shares with the server.
 */
final class ClosedLoop {
    private static final int RECEIVE_BYTES = 1 << 16;
    private static final Duration SELECT_MAX = Duration.ofMillis(100);

    /** What one run saw. */
    record Result(long requests, long events, double seconds, Latencies latencies) {
        double eventsPerSecond() {
            return events / seconds;
        }
    }

    private ClosedLoop() {}

    private static final class Connection {
        final SocketChannel channel;
        final Exchange exchange;
        final ByteBuffer received = ByteBuffer.allocateDirect(RECEIVE_BYTES);
        ByteBuffer sending;
        long sentAtNanos;

        Connection(SocketChannel channel, Exchange exchange) {
            this.channel = channel;
            this.exchange = exchange;
        }
    }

    /** Runs {@code connections} connections against loopback; what falls into {@code warmup} is not counted. */
    static Result run(int port, int connections, IntFunction<Exchange> exchanges, Duration warmup, Duration measured) {
        try (Selector selector = Selector.open()) {
            List<Connection> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                all.add(connect(selector, port, exchanges.apply(i)));
            }
            try {
                return loop(selector, all, warmup, measured);
            } finally {
                for (Connection connection : all) {
                    connection.channel.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Connection connect(Selector selector, int port, Exchange exchange) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel, exchange);
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    private static Result loop(Selector selector, List<Connection> all, Duration warmup, Duration measured)
            throws IOException {
        Latencies latencies = new Latencies();
        long begin = System.nanoTime() + warmup.toNanos();
        long end = begin + measured.toNanos();
        for (Connection connection : all) {
            send(connection);
        }
        long requests = 0;
        long now = System.nanoTime();
        while (now < end) {
            selector.select(SELECT_MAX.toMillis());
            now = System.nanoTime();
            for (SelectionKey key : selector.selectedKeys()) {
                Connection connection = (Connection) key.attachment();
                if (key.isWritable()) {
                    resume(connection, key);
                }
                if (key.isReadable() && receive(connection)) {
                    if (now >= begin && connection.sentAtNanos >= begin) {
                        latencies.add(now - connection.sentAtNanos);
                        requests++;
                    }
                    send(connection);
                    if (connection.sending.hasRemaining()) {
                        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    }
                }
            }
            selector.selectedKeys().clear();
        }
        int eventsPerRequest = all.get(0).exchange.eventsPerRequest();
        return new Result(requests, requests * eventsPerRequest, measured.toNanos() / 1e9, latencies);
    }

    private static void send(Connection connection) throws IOException {
        connection.sending = connection.exchange.nextRequest();
        connection.sentAtNanos = System.nanoTime();
        connection.channel.write(connection.sending);
    }

    private static void resume(Connection connection, SelectionKey key) throws IOException {
        connection.channel.write(connection.sending);
        if (!connection.sending.hasRemaining()) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private static boolean receive(Connection connection) throws IOException {
        ByteBuffer received = connection.received;
        if (connection.channel.read(received) < 0) {
            throw new IOException("the server closed a connection in the middle of the run");
        }
        received.flip();
        boolean whole = connection.exchange.takeAnswer(received);
        received.compact();
        return whole;
    }
}
