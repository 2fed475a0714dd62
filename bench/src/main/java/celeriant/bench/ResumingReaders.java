package celeriant.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;

/**
 * Many readers on one thread that come back by their positions whenever they are cut, each after a moment of its own.
 * Every event carries its number, as {@code "n":<number>}: one that is missing or comes twice is a fault.
 */
final class ResumingReaders implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int PAUSE_MILLIS_MIN = 100;
    private static final int PAUSE_MILLIS = 900;
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final Selector selector = Selector.open();
    private final InetSocketAddress address;
    private final LongFunction<ByteBuffer> requestAfter;
    private final List<Reader> readers = new ArrayList<>();
    private final Random random = new Random(1);
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES);
    private final Thread thread = Thread.ofPlatform().name("readers").unstarted(this::run);
    private volatile boolean closed;
    private volatile long refused;

    private static final class Reader {
        final NumberedMessages messages = new NumberedMessages();
        SocketChannel channel;
        long connectAtNanos;
        int answered;

        /** Where in an answer its status is told. */
        boolean isRefusal(byte b) {
            return answered++ == STATUS_AT && b != '2';
        }
    }

    /** {@code requestAfter} makes the request that goes on behind a position. */
    ResumingReaders(int port, int count, LongFunction<ByteBuffer> requestAfter) throws IOException {
        this.address = new InetSocketAddress("127.0.0.1", port);
        this.requestAfter = requestAfter;
        for (int i = 0; i < count; i++) {
            readers.add(new Reader());
        }
        thread.start();
    }

    /** How many have had event {@code number}. */
    long hadCount(long number) {
        return readers.stream()
                .filter(reader -> reader.messages.number() >= number)
                .count();
    }

    long faults() {
        return readers.stream().mapToLong(reader -> reader.messages.faults()).sum();
    }

    /** How often one was told to come later. */
    long refused() {
        return refused;
    }

    private void run() {
        try {
            while (!closed) {
                connectThoseDue();
                selector.select(20);
                for (SelectionKey key : selector.selectedKeys()) {
                    move((Reader) key.attachment(), key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connectThoseDue() throws IOException {
        long now = System.nanoTime();
        for (Reader reader : readers) {
            if (reader.channel == null && now - reader.connectAtNanos >= 0) {
                reader.channel = SocketChannel.open();
                reader.channel.configureBlocking(false);
                SelectionKey key = reader.channel.register(selector, SelectionKey.OP_CONNECT, reader);
                connect(reader, key);
            }
        }
    }

    /** On loopback mostly at once. */
    private void connect(Reader reader, SelectionKey key) throws IOException {
        try {
            if (reader.channel.connect(address)) {
                ask(reader, key);
            }
        } catch (IOException e) {
            cut(reader);
        }
    }

    private void ask(Reader reader, SelectionKey key) throws IOException {
        reader.channel.write(requestAfter.apply(reader.messages.position()));
        key.interestOps(SelectionKey.OP_READ);
    }

    private void move(Reader reader, SelectionKey key) throws IOException {
        try {
            if (key.isConnectable()) {
                reader.channel.finishConnect();
                ask(reader, key);
            } else {
                read(reader);
            }
        } catch (IOException e) {
            cut(reader);
        }
    }

    private void read(Reader reader) throws IOException {
        received.clear();
        int count = reader.channel.read(received);
        if (count < 0) {
            throw new IOException("the stream ended");
        }
        for (int i = 0; i < count; i++) {
            if (reader.isRefusal(received.get(i))) {
                refused++;
                throw new IOException("too many at once: later");
            }
            reader.messages.take(received.get(i));
        }
    }

    private void cut(Reader reader) throws IOException {
        reader.channel.close();
        reader.channel = null;
        reader.answered = 0;
        reader.messages.cut();
        long pauseMillis = PAUSE_MILLIS_MIN + random.nextInt(PAUSE_MILLIS);
        reader.connectAtNanos = System.nanoTime() + pauseMillis * 1_000_000;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Reader reader : readers) {
            if (reader.channel != null) {
                reader.channel.close();
            }
        }
        selector.close();
    }
}
