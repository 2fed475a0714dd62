package celeriant.gateway.net;

import celeriant.gateway.http.BodyReceiver;

/**
 * A body in chunks (RFC 9112 section 7.1). Extensions and trailers are passed over, a few of them.
 *
 * <pre>
 * size in hexadecimal [";" extension] CR LF
 * bytes CR LF          … repeated, until a size of 0; then
 * trailer CR LF        … any number
 * CR LF
 * </pre>
 */
final class ChunkedBody implements BodyBytes {
    static final int LINE_BYTES_MAX = 1_024;
    static final int TRAILER_LINES_MAX = 16;

    /** Of a size that fits into a long. */
    private static final int SIZE_DIGITS_MAX = 15;

    private enum Place {
        SIZE,
        BYTES,
        END_OF_BYTES,
        TRAILER,
        WHOLE
    }

    private Place place = Place.SIZE;
    private long left;
    private int trailers;

    @Override
    public int take(byte[] data, int from, int to, BodyReceiver receiver) throws MalformedException {
        return switch (place) {
            case SIZE -> size(data, from, to, receiver);
            case BYTES -> bytes(data, from, to, receiver);
            case END_OF_BYTES -> endOfBytes(data, from, to);
            case TRAILER -> trailer(data, from, to);
            case WHOLE -> from;
        };
    }

    @Override
    public long left() {
        return left;
    }

    @Override
    public boolean isWhole() {
        return place == Place.WHOLE;
    }

    private int size(byte[] data, int from, int to, BodyReceiver receiver) throws MalformedException {
        int lineTo = lineEnd(data, from, to);
        if (lineTo < 0) {
            return from;
        }
        int at = from;
        long size = 0;
        while (at < lineTo && Character.digit(data[at], 16) >= 0) {
            size = size << 4 | Character.digit(data[at], 16);
            at++;
        }
        if (at == from || at - from > SIZE_DIGITS_MAX || at < lineTo && data[at] != ';') {
            throw MalformedException.of("A chunk begins with its size in hexadecimal.");
        }
        left = size;
        place = size == 0 ? Place.TRAILER : Place.BYTES;
        receiver.announced(size);
        return lineTo + 2;
    }

    private int bytes(byte[] data, int from, int to, BodyReceiver receiver) {
        int length = (int) Math.min(left, to - from);
        if (length > 0) {
            left -= length;
            place = left == 0 ? Place.END_OF_BYTES : place;
            receiver.take(data, from, length);
        }
        return from + length;
    }

    private int endOfBytes(byte[] data, int from, int to) throws MalformedException {
        if (to - from < 2) {
            return from;
        }
        if (data[from] != '\r' || data[from + 1] != '\n') {
            throw MalformedException.of("A chunk is longer than its size.");
        }
        place = Place.SIZE;
        return from + 2;
    }

    private int trailer(byte[] data, int from, int to) throws MalformedException {
        int lineTo = lineEnd(data, from, to);
        if (lineTo < 0) {
            return from;
        }
        if (lineTo == from) {
            place = Place.WHOLE;
        } else if (++trailers > TRAILER_LINES_MAX) {
            throw MalformedException.of("There are at most " + TRAILER_LINES_MAX + " trailers.");
        }
        return lineTo + 2;
    }

    /** Where the CR of the line's end is; -1 if it has not come. */
    private static int lineEnd(byte[] data, int from, int to) throws MalformedException {
        int end = Math.min(to, from + LINE_BYTES_MAX);
        for (int at = from; at < end; at++) {
            if (data[at] == '\n' || data[at] == '\r' && at + 1 < to && data[at + 1] != '\n') {
                throw MalformedException.of("A line ends with CR LF.");
            }
            if (data[at] == '\r' && at + 1 < to) {
                return at;
            }
        }
        if (to - from >= LINE_BYTES_MAX) {
            throw MalformedException.tooLarge("A line between chunks", LINE_BYTES_MAX);
        }
        return -1;
    }
}
