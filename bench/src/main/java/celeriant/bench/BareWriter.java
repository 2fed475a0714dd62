package celeriant.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The floor of a fan-out: a server that keeps nothing, and hands what is posted to every reader with one system call
 * each, from one buffer, on one thread. Arguments: a port. Knows just enough of HTTP to be measured like the others.
 */
public final class BareWriter {
    private static final int REQUEST_BYTES_MAX = 1 << 16;
    private static final byte[] ANSWER = ascii("HTTP/1.1 204 No Content\r\n\r\n");
    private static final byte[] STREAM =
            ascii("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");

    private final Selector selector = Selector.open();
    private final ByteBuffer received = ByteBuffer.allocate(REQUEST_BYTES_MAX);
    private final List<SocketChannel> readers = new ArrayList<>();

    private BareWriter() throws IOException {}

    public static void main(String[] arguments) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 4_096);
        listener.configureBlocking(false);
        BareWriter server = new BareWriter();
        listener.register(server.selector, SelectionKey.OP_ACCEPT);
        System.out.println("listening");
        while (true) {
            server.selector.select();
            for (SelectionKey key : server.selector.selectedKeys()) {
                server.serve(key);
            }
            server.selector.selectedKeys().clear();
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            } else {
                receive((SocketChannel) key.channel());
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    /** A request comes whole: the senders here send nothing large. */
    private void receive(SocketChannel channel) throws IOException {
        received.clear();
        if (channel.read(received) < 0) {
            readers.remove(channel);
            channel.close();
            return;
        }
        String request = new String(received.array(), 0, received.position(), StandardCharsets.US_ASCII);
        if (request.startsWith("GET")) {
            channel.write(ByteBuffer.wrap(STREAM));
            readers.add(channel);
        } else {
            channel.write(ByteBuffer.wrap(ANSWER));
            deliver(request.substring(request.indexOf("\r\n\r\n") + 4));
        }
    }

    private void deliver(String body) throws IOException {
        String message = "id: 1\ndata: [" + body + "]\n\n";
        byte[] chunk = ascii(Integer.toHexString(message.length()) + "\r\n" + message + "\r\n");
        ByteBuffer shared = ByteBuffer.allocateDirect(chunk.length).put(chunk);
        for (int i = 0; i < readers.size(); i++) {
            readers.get(i).write(shared.flip());
            shared.position(chunk.length);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
