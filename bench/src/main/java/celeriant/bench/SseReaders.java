package celeriant.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many readers of one stream on one thread. Every event carries the time at which it was sent, by this process's clock,
 * as {@code "t":<nanoseconds>}; what is found of these in the bytes is a delivery.
 */
final class SseReaders implements AutoCloseable {
    private static final byte[] MARK = {'"', 't', '"', ':'};
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Duration OPEN_MAX = Duration.ofSeconds(30);

    private final Selector selector;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("readers").unstarted(this::run);
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES);
    private volatile Latencies latencies = new Latencies();
    private volatile boolean closed;
    private volatile long deliveries;
    private volatile int answered;

    /** What was read of a number that is not whole yet. */
    private static final class Reader {
        boolean isAnswered;
        int matched;
        boolean inNumber;
        long number;
    }

    SseReaders() throws IOException {
        selector = Selector.open();
    }

    void connect(int port, int count, ByteBuffer request) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            ByteBuffer own = request.duplicate().clear();
            while (own.hasRemaining()) {
                channel.write(own);
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Reader());
            channels.add(channel);
        }
    }

    void start() {
        thread.start();
    }

    /** Waits until every reader has heard that its stream is open. */
    void awaitOpen() throws InterruptedException {
        long end = System.nanoTime() + OPEN_MAX.toNanos();
        while (answered < channels.size()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("only " + answered + " streams are open after " + OPEN_MAX);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Forgets what was measured so far. */
    void reset() {
        latencies = new Latencies();
        deliveries = 0;
    }

    long deliveries() {
        return deliveries;
    }

    Latencies latencies() {
        return latencies;
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    read((SocketChannel) key.channel(), (Reader) key.attachment());
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(SocketChannel channel, Reader reader) throws IOException {
        received.clear();
        int count = channel.read(received);
        if (count < 0) {
            throw new IOException("a stream was ended in the middle of the run");
        }
        if (!reader.isAnswered) {
            reader.isAnswered = true;
            answered++;
        }
        long now = System.nanoTime();
        byte[] bytes = received.array();
        for (int i = 0; i < count; i++) {
            take(reader, bytes[i], now);
        }
    }

    private void take(Reader reader, byte b, long now) {
        if (reader.inNumber) {
            if (b >= '0' && b <= '9') {
                reader.number = reader.number * 10 + b - '0';
                return;
            }
            latencies.add(now - reader.number);
            deliveries++;
            reader.inNumber = false;
            reader.number = 0;
        }
        reader.matched = b == MARK[reader.matched] ? reader.matched + 1 : b == MARK[0] ? 1 : 0;
        if (reader.matched == MARK.length) {
            reader.matched = 0;
            reader.inNumber = true;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}
