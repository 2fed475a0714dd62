package celeriant.gateway.net;

import celeriant.gateway.http.HeaderBlock;
import celeriant.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes answers as bytes of HTTP/1.1. One for each event loop, with room that is used again and again. Confined to the
 * loop.
 *
 * <pre>
 * HTTP/1.1 SP status SP reason CR LF
 * headers, each with CR LF
 * CR LF
 * body: as it is, or chunks: size in hexadecimal CR LF bytes CR LF … 0 CR LF CR LF
 * </pre>
 */
final class AnswerBytes {
    /** A length for answers that come in chunks. */
    static final long CHUNKED = -1;

    /** A length for answers that end with their connection, or have no body at all. */
    static final long UNTOLD = -2;

    private static final int CAPACITY = 1_024;
    private static final int IN_PLACE_BYTES = 16 * 1_024;
    private static final int STATUS_MAX = 600;
    private static final int DECIMAL_DIGITS_MAX = 20;

    private static final byte[][] STATUS_LINES = new byte[STATUS_MAX][];
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] IN_CHUNKS = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] LINE_END = ascii("\r\n");
    private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");

    private final ByteBuffer inPlace = ByteBuffer.allocateDirect(IN_PLACE_BYTES);
    private byte[] bytes = new byte[CAPACITY];
    private int length;

    /** The head of an answer, and its body if that is not null, as one buffer. */
    ByteBuf answer(ByteBufAllocator memory, ResponseHead head, Head request, boolean closes, long size, byte[] body) {
        head(head, request, closes, size);
        int room = body == null ? 0 : body.length;
        ByteBuf out = memory.directBuffer(length + room, length + room).writeBytes(bytes, 0, length);
        return room == 0 ? out : out.writeBytes(body);
    }

    /**
     * The same in memory of the loop's own, from 0 to its limit and until the next answer; null if it is longer than
     * that.
     */
    ByteBuffer inPlace(ResponseHead head, Head request, boolean closes, long size, byte[] body) {
        int room = body == null ? 0 : body.length;
        if (room > IN_PLACE_BYTES - CAPACITY) {
            return null;
        }
        head(head, request, closes, size);
        if (length + room > IN_PLACE_BYTES) {
            return null;
        }
        inPlace.clear().put(bytes, 0, length);
        return (room == 0 ? inPlace : inPlace.put(body)).flip();
    }

    private void head(ResponseHead head, Head request, boolean closes, long size) {
        length = 0;
        put(statusLine(head.status()));
        HeaderBlock standing = head.standing();
        put(standing.lines());
        List<String> own = head.own();
        for (int i = 0; i < own.size(); i += 2) {
            header(own.get(i), own.get(i + 1));
        }
        if (size >= 0) {
            put(LENGTH);
            putNumber(size);
            put(LINE_END);
        } else if (size == CHUNKED) {
            put(IN_CHUNKS);
        }
        if (closes) {
            put(CLOSE);
        } else if (!request.takesChunks()) {
            put(KEEP_ALIVE);
        }
        put(LINE_END);
    }

    ByteBuf carryOn(ByteBufAllocator memory) {
        return memory.directBuffer(CONTINUE.length).writeBytes(CONTINUE);
    }

    /** One piece of a body that comes in chunks. */
    ByteBuf chunk(ByteBufAllocator memory, byte[] piece) {
        length = 0;
        put(ascii(Integer.toHexString(piece.length)));
        put(LINE_END);
        int room = length + piece.length + LINE_END.length;
        return memory.directBuffer(room, room)
                .writeBytes(bytes, 0, length)
                .writeBytes(piece)
                .writeBytes(LINE_END);
    }

    ByteBuf lastChunk(ByteBufAllocator memory) {
        return memory.directBuffer(LAST_CHUNK.length).writeBytes(LAST_CHUNK);
    }

    private static byte[] statusLine(int status) {
        byte[] line = STATUS_LINES[status];
        if (line == null) {
            line = ascii("HTTP/1.1 " + status + " " + Reasons.of(status) + "\r\n");
            STATUS_LINES[status] = line;
        }
        return line;
    }

    private void header(String name, String value) {
        put(name);
        reserve(2);
        bytes[length++] = ':';
        bytes[length++] = ' ';
        put(value);
        put(LINE_END);
    }

    private void put(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    /** What is no printable ASCII cannot end a line: it goes as a question mark. */
    private void put(String text) {
        int size = text.length();
        reserve(size);
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            bytes[length + i] = (byte) (c < ' ' || c > '~' ? '?' : c);
        }
        length += size;
    }

    private void putNumber(long number) {
        reserve(DECIMAL_DIGITS_MAX);
        int from = length;
        long rest = number;
        do {
            bytes[length++] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        for (int low = from, high = length - 1; low < high; low++, high--) {
            byte digit = bytes[low];
            bytes[low] = bytes[high];
            bytes[high] = digit;
        }
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
