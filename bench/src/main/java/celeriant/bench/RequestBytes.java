package celeriant.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Requests of HTTP/1.1 as the bytes of a connection. {@code lines} of a head are whole, each with its line break. */
final class RequestBytes {
    static final String JSON = "Content-Type: application/json\r\n";

    private RequestBytes() {}

    static ByteBuffer get(String target, String lines) {
        return ascii("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines + "\r\n");
    }

    static ByteBuffer post(String target, String lines, String body) {
        return ascii("POST " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines + "Content-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
