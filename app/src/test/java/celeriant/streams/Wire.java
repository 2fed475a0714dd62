package celeriant.streams;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One request over one socket of its own, HTTP/1.1 as RFC 9112 has it. Confined to its thread. */
final class Wire implements AutoCloseable {
    static final String JSON = "application/json";
    static final int ANSWER_MILLIS = 10_000;

    private static final int CONNECT_MILLIS = 2_000;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final Map<String, String> headers = new HashMap<>();
    private final boolean chunked;
    private final int status;
    private long left;
    private boolean ended;

    /**
     * Sends a request and reads the head of its answer.
     *
     * @param own lines of the header, whole
     * @param type of the body, or null
     * @param body or null
     */
    Wire(int port, String method, String target, List<String> own, String type, String body, int readMillis)
            throws IOException {
        socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            socket.setSoTimeout(readMillis);
            socket.setTcpNoDelay(true);
            byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
            StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port);
            own.forEach(line -> head.append("\r\n").append(line));
            if (body != null) {
                head.append("\r\nContent-Type: ").append(type);
                head.append("\r\nContent-Length: ").append(content.length);
            }
            socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(content);
            in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
            String first = headLine();
            status = Integer.parseInt(first.substring(9, 12));
            for (String line = headLine(); !line.isEmpty(); line = headLine()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            chunked = "chunked".equals(headers.get("transfer-encoding"));
            left = chunked ? 0 : Long.parseLong(headers.getOrDefault("content-length", "0"));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    static Wire get(int port, String target, List<String> own, int readMillis) throws IOException {
        return new Wire(port, "GET", target, own, null, null, readMillis);
    }

    static Wire send(int port, String method, String target, List<String> own, String json) throws IOException {
        return new Wire(port, method, target, own, JSON, json, ANSWER_MILLIS);
    }

    int status() {
        return status;
    }

    String header(String name) {
        return headers.get(name);
    }

    private String headLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the answer was cut");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** The next byte of the body, -1 at its proper end. */
    int read() throws IOException {
        if (left == 0 && !nextChunk()) {
            return -1;
        }
        int b = in.read();
        if (b < 0) {
            throw new EOFException("the body was cut");
        }
        left--;
        if (left == 0 && chunked) {
            headLine();
        }
        return b;
    }

    private boolean nextChunk() throws IOException {
        if (ended || !chunked) {
            return false;
        }
        left = Long.parseLong(headLine().strip(), 16);
        if (left == 0) {
            headLine();
            ended = true;
        }
        return !ended;
    }

    /** Reads one line of the body into {@code line}, without its end; false at the proper end of the body. */
    boolean line(ByteArrayOutputStream line) throws IOException {
        line.reset();
        for (int b = read(); b >= 0; b = read()) {
            if (b == '\n') {
                return true;
            }
            line.write(b);
        }
        return line.size() > 0;
    }

    String text() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int b = read(); b >= 0; b = read()) {
            text.write(b);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
