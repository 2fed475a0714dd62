package celeriant.gateway.net;

import celeriant.gateway.http.HeaderLines;
import celeriant.gateway.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a request's head (RFC 9112), strictly: what two parties could read in two ways is refused. That is a body whose
 * length is told twice or in two forms, a name with a space behind it, a line that continues the one before, and any
 * control character. Confined to its event loop.
 *
 * <pre>
 * POST SP /v1/acme/appends SP HTTP/1.1 CR LF
 * name ":" OWS value OWS CR LF    (0..LINES_MAX times)
 * CR LF
 * </pre>
 */
final class HeadParser {
    static final int LINES_MAX = 128;

    private static final int VERSION_BYTES = "HTTP/1.1".length();
    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    private final int[] places = new int[LINES_MAX * HeaderLines.PLACES];

    /** Reads the head that ends at {@code to}, with its empty line. */
    Head parse(byte[] data, int from, int to) throws MalformedException {
        int lineTo = lineEnd(data, from);
        int methodTo = tokenEnd(data, from, lineTo);
        int targetTo = lineTo - VERSION_BYTES - 1;
        if (methodTo == from || data[methodTo] != ' ' || targetTo <= methodTo || data[targetTo] != ' ') {
            throw MalformedException.of("The first line is: method, address and HTTP version.");
        }
        requireTarget(data, methodTo + 1, targetTo);
        boolean isNew = isVersionOne(data, targetTo + 1);
        HeaderLines headers = headers(data, lineTo + 2, to - 2);
        String target = text(data, methodTo + 1, targetTo);
        String host = host(headers, isNew);
        Target read = Target.read(target, host);
        RequestHead request =
                new RequestHead(method(data, from, methodTo), read.path(), read.query(), read.authority(), headers);
        return Framing.of(request, isNew);
    }

    private static String method(byte[] data, int from, int to) {
        return switch (data[from]) {
            case 'G' -> is("GET", data, from, to) ? "GET" : text(data, from, to);
            case 'P' -> is("POST", data, from, to) ? "POST" : text(data, from, to);
            default -> text(data, from, to);
        };
    }

    private static boolean is(String method, byte[] data, int from, int to) {
        if (to - from != method.length()) {
            return false;
        }
        for (int i = 0; i < method.length(); i++) {
            if (data[from + i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] data, int from, int to) {
        return new String(data, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static void requireTarget(byte[] data, int from, int to) throws MalformedException {
        for (int i = from; i < to; i++) {
            if (data[i] <= ' ' || data[i] == 0x7f) {
                throw MalformedException.of("The address is one word of ASCII.");
            }
        }
        if (from == to) {
            throw MalformedException.of("The address is missing.");
        }
    }

    /** Whether it is 1.1, not 1.0. */
    private static boolean isVersionOne(byte[] data, int from) throws MalformedException {
        int minor = data[from + VERSION.length];
        boolean isOurs = Arrays.equals(data, from, from + VERSION.length, VERSION, 0, VERSION.length);
        if (!isOurs || minor != '0' && minor != '1') {
            throw MalformedException.of("The version is HTTP/1.1.");
        }
        return minor == '1';
    }

    private HeaderLines headers(byte[] data, int from, int to) throws MalformedException {
        int count = 0;
        int at = from;
        while (at < to) {
            if (count == places.length) {
                throw MalformedException.tooManyLines(LINES_MAX);
            }
            at = line(data, at, from, count);
            count += HeaderLines.PLACES;
        }
        return new HeaderLines(Arrays.copyOfRange(data, from, Math.max(from, to)), Arrays.copyOf(places, count));
    }

    /** Reads one line; returns where the next begins. */
    private int line(byte[] data, int from, int base, int place) throws MalformedException {
        int nameTo = from;
        while (Tokens.isToken(data[nameTo])) {
            nameTo++;
        }
        if (nameTo == from || data[nameTo] != ':') {
            throw MalformedException.of("A header is a name, a colon and a value, in one line.");
        }
        int valueFrom = nameTo + 1;
        while (isBlank(data[valueFrom])) {
            valueFrom++;
        }
        int lineTo = valueFrom;
        while (isText(data[lineTo])) {
            lineTo++;
        }
        if (data[lineTo] != '\r' || data[lineTo + 1] != '\n') {
            throw MalformedException.of("A header's value has no control characters.");
        }
        int valueTo = lineTo;
        while (valueTo > valueFrom && isBlank(data[valueTo - 1])) {
            valueTo--;
        }
        places[place] = from - base;
        places[place + 1] = nameTo - base;
        places[place + 2] = valueFrom - base;
        places[place + 3] = valueTo - base;
        return lineTo + 2;
    }

    /** Bytes above ASCII are taken: what they mean is the reader's matter. */
    private static boolean isText(byte b) {
        return b >= ' ' && b != 0x7f || b < 0 || b == '\t';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Where the line's CR is: there is a LF behind it, {@link HeadEnd} has seen to that. */
    private static int lineEnd(byte[] data, int from) {
        int at = from;
        while (data[at] != '\n') {
            at++;
        }
        return at - 1;
    }

    private static int tokenEnd(byte[] data, int from, int to) {
        int at = from;
        while (at < to && Tokens.isToken(data[at])) {
            at++;
        }
        return at;
    }

    /** An HTTP/1.1 request names its host once (RFC 9112 section 3.2). */
    private static String host(HeaderLines headers, boolean isNew) throws MalformedException {
        int count = headers.count("Host");
        if (count > 1 || count == 0 && isNew) {
            throw MalformedException.of("There is one Host header.");
        }
        return headers.first("Host");
    }
}
