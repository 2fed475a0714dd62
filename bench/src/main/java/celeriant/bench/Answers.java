package celeriant.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Takes whole answers from a blocking connection. */
final class Answers {
    private static final int BYTES_MAX = 1 << 20;

    private Answers() {}

    /** Takes one answer; returns when its first bytes were there, by the clock of {@code System.nanoTime}. */
    static long take(SocketChannel channel, HttpExchange exchange) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(BYTES_MAX);
        long firstAt = 0;
        boolean whole = false;
        while (!whole) {
            if (channel.read(received) < 0) {
                throw new IOException("the server closed a connection");
            }
            firstAt = firstAt == 0 ? System.nanoTime() : firstAt;
            received.flip();
            whole = exchange.takeAnswer(received);
            received.compact();
        }
        return firstAt;
    }
}
