package celeriant.gateway.net;

import celeriant.gateway.http.HeaderLines;
import celeriant.gateway.http.RequestHead;
import celeriant.gateway.http.ResponseHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Heads of HTTP/2 (RFC 9113 section 8) as those of the gateway, and back. As strict as {@link HeadParser}. Stateless:
 * any thread.
 */
final class Http2Heads {
    /** Beyond it the codec answers by itself, with a status and nothing else; below we refuse in our own words. */
    static final int BYTES_MAX = 2 * HeadEnd.LINE_BYTES_MAX;

    /** Our own names, of which there are few, in lower case. */
    private static final Map<String, AsciiString> NAMES = new ConcurrentHashMap<>();

    private static final AsciiString LENGTH = AsciiString.cached("content-length");

    private Http2Heads() {}

    static RequestHead request(Http2Headers headers) throws MalformedException {
        boolean isWhole = headers.method() != null && headers.scheme() != null && headers.path() != null;
        if (!isWhole || headers.path().isEmpty()) {
            throw MalformedException.of("A request has a method, a scheme and a path.");
        }
        String path = headers.path().toString();
        requireWord(path);
        if (path.length() > HeadEnd.LINE_BYTES_MAX) {
            throw MalformedException.tooLong(HeadEnd.LINE_BYTES_MAX);
        }
        HeaderLines lines = lines(headers);
        String host = lines.first("host");
        String authority =
                headers.authority() == null ? host : headers.authority().toString();
        if (authority == null || lines.count("host") > 1 || host != null && !host.equalsIgnoreCase(authority)) {
            throw MalformedException.of("There is one host.");
        }
        Target target = Target.read(path, authority);
        return new RequestHead(headers.method().toString(), target.path(), target.query(), authority, lines);
    }

    private static void requireWord(String path) throws MalformedException {
        boolean isWord = path.charAt(0) == '/' || path.equals("*");
        for (int i = 0; i < path.length(); i++) {
            isWord &= path.charAt(i) > ' ' && path.charAt(i) != 0x7f;
        }
        if (!isWord) {
            throw MalformedException.of("The address is a path, one word of ASCII.");
        }
    }

    private static HeaderLines lines(Http2Headers headers) throws MalformedException {
        List<String> lines = new ArrayList<>(2 * headers.size());
        int bytes = 0;
        for (Map.Entry<CharSequence, CharSequence> line : headers) {
            if (line.getKey().isEmpty() || line.getKey().charAt(0) != ':') {
                requireText(line.getValue());
                bytes += line.getKey().length() + line.getValue().length();
                lines.add(line.getKey().toString());
                lines.add(line.getValue().toString());
            }
        }
        if (lines.size() > 2 * HeadParser.LINES_MAX) {
            throw MalformedException.tooManyLines(HeadParser.LINES_MAX);
        }
        if (bytes > HeadEnd.HEADER_BYTES_MAX) {
            throw MalformedException.tooLarge("The header", HeadEnd.HEADER_BYTES_MAX);
        }
        return HeaderLines.of(lines);
    }

    private static void requireText(CharSequence value) throws MalformedException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f) {
                throw MalformedException.of("A header's value has no control characters.");
            }
        }
    }

    /** {@code length} of the body; below 0 it is not told. */
    static Http2Headers response(ResponseHead head, long length) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.status(Integer.toString(head.status()));
        put(headers, head.standing().namesAndValues());
        put(headers, head.own());
        if (length >= 0) {
            headers.setLong(LENGTH, length);
        }
        return headers;
    }

    private static void put(Http2Headers headers, List<String> namesAndValues) {
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            AsciiString name = NAMES.computeIfAbsent(
                    namesAndValues.get(i), known -> AsciiString.cached(known.toLowerCase(Locale.ROOT)));
            headers.add(name, printable(namesAndValues.get(i + 1)));
        }
    }

    /** What is no printable ASCII goes as a question mark, as in HTTP/1.1. */
    private static CharSequence printable(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                return value.replaceAll("[^ -~]", "?");
            }
        }
        return value;
    }
}
