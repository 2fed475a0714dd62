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

/** Streams of one aggregate on one thread, and when each was told that its reader's right is gone. */
final class RevokedStreams implements AutoCloseable {
    private static final String CAUGHT_UP = "event: caught-up";
    private static final String REVOKED = "event: revoked";
    private static final String EVENT = "\"measured\"";
    private static final int BUFFER_BYTES = 1 << 16;

    private final Selector selector = Selector.open();
    private final List<Stream> streams = new ArrayList<>();
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES);
    private final Thread thread = Thread.ofPlatform().name("streams").unstarted(this::run);
    private volatile boolean closed;

    /** One of them. Written by the readers' thread. */
    static final class Stream {
        private final SocketChannel channel;
        private int caughtUpMatched;
        private int revokedMatched;
        private int eventMatched;
        private volatile boolean caughtUp;
        private volatile long revokedAtNanos;
        private volatile long shownAfter;

        private Stream(SocketChannel channel) {
            this.channel = channel;
        }

        boolean isCaughtUp() {
            return caughtUp;
        }

        /** When it was told, by the clock of {@code System.nanoTime}; 0: not yet. */
        long revokedAtNanos() {
            return revokedAtNanos;
        }

        /** Events that it was shown after that: there must be none. */
        long shownAfter() {
            return shownAfter;
        }

        private void take(byte b, long now) {
            caughtUpMatched = matched(CAUGHT_UP, caughtUpMatched, b);
            revokedMatched = matched(REVOKED, revokedMatched, b);
            eventMatched = matched(EVENT, eventMatched, b);
            caughtUp |= caughtUpMatched == CAUGHT_UP.length();
            if (revokedMatched == REVOKED.length()) {
                revokedAtNanos = now;
            }
            if (eventMatched == EVENT.length() && revokedAtNanos != 0) {
                shownAfter++;
            }
        }

        private static int matched(String mark, int matched, byte b) {
            int known = matched == mark.length() ? 0 : matched;
            return b == mark.charAt(known) ? known + 1 : b == mark.charAt(0) ? 1 : 0;
        }
    }

    RevokedStreams() throws IOException {
        thread.start();
    }

    /** Opens one by {@code request}. */
    Stream open(int port, ByteBuffer request) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        while (request.hasRemaining()) {
            channel.write(request);
        }
        channel.configureBlocking(false);
        Stream stream = new Stream(channel);
        channel.register(selector, SelectionKey.OP_READ, stream);
        selector.wakeup();
        streams.add(stream);
        return stream;
    }

    List<Stream> all() {
        return streams;
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(key -> read((Stream) key.attachment()), 100);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Stream stream) {
        received.clear();
        int count;
        try {
            count = stream.channel.read(received);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (count < 0) {
            throw new IllegalStateException("a stream was ended in the middle of the run");
        }
        long now = System.nanoTime();
        for (int i = 0; i < count; i++) {
            stream.take(received.get(i), now);
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
        for (Stream stream : streams) {
            stream.channel.close();
        }
        selector.close();
    }
}
