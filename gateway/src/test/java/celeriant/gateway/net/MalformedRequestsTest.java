package celeriant.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two parties could read in two ways is refused, and the connection is of no more use. */
class MalformedRequestsTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

    private final List<String> asked = new ArrayList<>();
    private final Caller caller = new Caller((head, carrier) -> {
        asked.add(head.path());
        Caller.echo(head, carrier);
    });

    private void assertRefused(int status) {
        assertTrue(caller.received().startsWith("HTTP/1.1 " + status + " "));
        caller.send(SMUGGLED);
        assertEquals("", caller.received());
        assertEquals(List.of(), asked);
    }

    static List<String> heads() {
        String post = "POST / HTTP/1.1\r\nHost: h\r\n";
        String get = "GET / HTTP/1.1\r\nHost: h\r\n";
        return List.of(
                post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n",
                post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\n",
                post + "Content-Length: 4, 4\r\n\r\n",
                post + "Content-Length: +4\r\n\r\n",
                post + "Content-Length: 0x4\r\n\r\n",
                post + "Content-Length: -1\r\n\r\n",
                post + "Content-Length: \r\n\r\n",
                post + "Content-Length: 99999999999999999999\r\n\r\n",
                post + "Transfer-Encoding: gzip, chunked\r\n\r\n",
                post + "Transfer-Encoding: chunked, identity\r\n\r\n",
                post + "Transfer-Encoding: xchunked\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                post.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n",
                post + "Content-Length : 4\r\n\r\n",
                get + "X: a\r\n b\r\n\r\n",
                get + " X: a\r\n\r\n",
                get + "X: a\rY: b\r\n\r\n",
                get + "X: a\0b\r\n\r\n",
                get + "X\r\n\r\n",
                get + ": a\r\n\r\n",
                get + "X(: a\r\n\r\n",
                get + "Host: other\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\nHost: h\n\n",
                "GET / HTTP/1.1\r\nHost: h\n\r\n",
                "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
                "GET / http/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.10\r\nHost: h\r\n\r\n",
                "GET /\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / a HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /\u00e4 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET a HTTP/1.1\r\nHost: h\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: h\r\n\r\n",
                " GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("heads")
    void aHeadThatCouldBeReadInTwoWaysIsRefused(String head) {
        caller.send(head + SMUGGLED);
        assertRefused(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "\r\n",
                "-1\r\n",
                "1g\r\n",
                "1111111111111111\r\n",
                "1 \r\nx\r\n0\r\n\r\n",
                "1\nx\r\n0\r\n\r\n",
                "1\rx",
                "1\r\nxy\r\n0\r\n\r\n",
                "1\r\nx0\r\n\r\n",
                "0\r\nA\n\r\n"
            })
    void chunksThatCouldBeReadInTwoWaysAreRefused(String chunks) {
        caller.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED);
        String answer = caller.received();
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        caller.send(SMUGGLED);
        assertEquals("", caller.received());
        assertEquals(List.of("/"), asked);
    }

    @Test
    void aFirstLineWithoutAnEndIsRefusedWhenItIsTooLong() {
        caller.send("GET /" + "a".repeat(HeadEnd.LINE_BYTES_MAX), 1_000);
        assertRefused(413);
    }

    @Test
    void aHeaderWithoutAnEndIsRefusedWhenItIsTooLong() {
        caller.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + "a".repeat(HeadEnd.HEADER_BYTES_MAX), 1_000);
        assertRefused(413);
    }

    @Test
    void tooManyHeaderLinesAreRefused() {
        caller.send("GET / HTTP/1.1\r\nHost: h\r\n" + "X: y\r\n".repeat(HeadParser.LINES_MAX) + "\r\n");
        String answer = caller.received();
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("\"limit\":128,\"unit\":\"lines\""), answer);
    }

    @Test
    void aLineBetweenChunksIsRefusedWhenItIsTooLong() {
        caller.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" + "a".repeat(2_000));
        assertTrue(caller.received().startsWith("HTTP/1.1 413 "));
    }

    @Test
    void aLineAndAHeaderUpToTheirLimitsAreTaken() {
        String path = "/" + "a".repeat(HeadEnd.LINE_BYTES_MAX - "GET / HTTP/1.1".length());
        caller.send("GET " + path + " HTTP/1.1\r\nHost: h\r\nX: " + "a".repeat(30_000) + "\r\n\r\n");
        assertEquals(List.of(path), asked);
    }

    @Test
    void aWholeUrlIsTakenApart() {
        List<String> authorities = new ArrayList<>();
        Caller other = new Caller((head, carrier) -> {
            authorities.add(head.authority());
            Caller.answer(carrier, 200, head.path() + " " + head.query());
        });
        other.send("GET http://real:1/a?b=c HTTP/1.1\r\nHost: h\r\n\r\n");
        assertTrue(other.received().endsWith("/a b=c"));
        assertEquals(List.of("real:1"), authorities);
    }
}
