package celeriant.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hands connections on to another port, and can let those that there are die without a word, as a network does that
 * forgets them: they stay open, and nothing passes any more. Any thread.
 */
final class FreezingForwarder implements AutoCloseable {
    private static final class Connection {
        private final Socket socket;
        private final Socket onwards;
        private volatile boolean isFrozen;

        Connection(Socket socket, Socket onwards) {
            this.socket = socket;
            this.onwards = onwards;
        }
    }

    private final ServerSocket server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final int target;

    FreezingForwarder(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many connections were made so far. */
    int count() {
        return connections.size();
    }

    /** Nothing passes any more on the connections that there are. */
    void freeze() {
        connections.forEach(one -> one.isFrozen = true);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Socket onwards = new Socket(InetAddress.getLoopbackAddress(), target);
                Connection connection = new Connection(socket, onwards);
                connections.add(connection);
                Thread.ofVirtual().start(() -> pump(connection, socket, onwards));
                Thread.ofVirtual().start(() -> pump(connection, onwards, socket));
            }
        } catch (IOException e) {
            // Closed: nobody else comes.
        }
    }

    /** What is frozen does not tell either that the other side has closed. */
    private static void pump(Connection connection, Socket from, Socket to) {
        byte[] bytes = new byte[16_384];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (!connection.isFrozen) {
                    out.write(bytes, 0, count);
                }
            }
        } catch (IOException e) {
            // One of the two is gone.
        } finally {
            end(connection, to);
        }
    }

    private static void end(Connection connection, Socket other) {
        try {
            if (!connection.isFrozen) {
                other.close();
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Connection connection : connections) {
                connection.socket.close();
                connection.onwards.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
