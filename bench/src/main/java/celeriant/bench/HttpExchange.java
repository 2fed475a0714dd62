package celeriant.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;

/** HTTP/1.1 requests on a keep-alive connection; an answer ends by its {@code Content-Length}. */
final class HttpExchange implements Exchange {
    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_AT = 9;

    private final LongFunction<ByteBuffer> requests;
    private final int eventsPerRequest;
    private long number;

    /** {@code requests} gives the n-th request of this connection, from 0; the buffer may be reused for the next. */
    HttpExchange(int eventsPerRequest, LongFunction<ByteBuffer> requests) {
        this.eventsPerRequest = eventsPerRequest;
        this.requests = requests;
    }

    /** The same request again and again. */
    static HttpExchange repeating(int eventsPerRequest, ByteBuffer request) {
        ByteBuffer whole = ByteBuffer.allocateDirect(request.remaining()).put(request);
        return new HttpExchange(eventsPerRequest, number -> whole.clear());
    }

    @Override
    public ByteBuffer nextRequest() {
        return requests.apply(number++);
    }

    @Override
    public int eventsPerRequest() {
        return eventsPerRequest;
    }

    @Override
    public boolean takeAnswer(ByteBuffer received) {
        int start = received.position();
        int headEnd = headEnd(received);
        if (headEnd < 0) {
            return false;
        }
        int status = number(received, start + STATUS_AT);
        int length = status == 204 ? 0 : contentLength(received, start, headEnd);
        if (received.limit() < headEnd + length) {
            return false;
        }
        if (status < 200 || status > 299) {
            byte[] answer = new byte[headEnd + length - start];
            received.get(start, answer);
            throw new IllegalStateException("refused: " + new String(answer, StandardCharsets.UTF_8));
        }
        received.position(headEnd + length);
        return true;
    }

    private static int headEnd(ByteBuffer bytes) {
        for (int i = bytes.position(); i + 3 < bytes.limit(); i++) {
            if (bytes.get(i) == '\r' && bytes.get(i + 2) == '\r' && bytes.get(i + 3) == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static int contentLength(ByteBuffer bytes, int start, int headEnd) {
        for (int i = start; i + LENGTH.length < headEnd; i++) {
            if (isLengthAt(bytes, i)) {
                return number(bytes, i + LENGTH.length);
            }
        }
        throw new IllegalStateException("an answer without Content-Length");
    }

    private static boolean isLengthAt(ByteBuffer bytes, int at) {
        for (int i = 0; i < LENGTH.length; i++) {
            byte b = bytes.get(at + i);
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(ByteBuffer bytes, int at) {
        int i = at;
        while (bytes.get(i) == ' ') {
            i++;
        }
        int value = 0;
        for (; bytes.get(i) >= '0' && bytes.get(i) <= '9'; i++) {
            value = value * 10 + bytes.get(i) - '0';
        }
        return value;
    }
}
