package celeriant.gateway.net;

import celeriant.gateway.http.HeaderLines;
import celeriant.gateway.http.Query;
import celeriant.gateway.http.RequestHead;

/**
 * Where a request's body ends, and whether the connection goes on after it (RFC 9112 sections 6 and 9). A length that
 * could be read in two ways is refused: it is how one request is smuggled inside another. Stateless: any thread.
 */
final class Framing {
    private Framing() {}

    static Head of(RequestHead request, boolean isNew) throws MalformedException {
        HeaderLines headers = request.headers();
        long length = headers.count("Transfer-Encoding") == 0 ? contentLength(headers) : chunked(headers, isNew);
        String connection = headers.first("Connection");
        boolean keepsAlive = isNew ? !says(connection, "close") : says(connection, "keep-alive");
        boolean expects = isNew && length != 0 && "100-continue".equalsIgnoreCase(headers.first("Expect"));
        return new Head(request, length, keepsAlive, isNew, expects);
    }

    private static long contentLength(HeaderLines headers) throws MalformedException {
        String length = headers.first("Content-Length");
        if (length == null) {
            return 0;
        }
        long bytes = Query.wholeNumber(length);
        if (bytes < 0 || headers.count("Content-Length") > 1) {
            throw MalformedException.of("Content-Length is one whole number.");
        }
        return bytes;
    }

    private static long chunked(HeaderLines headers, boolean isNew) throws MalformedException {
        boolean isChunked = "chunked".equalsIgnoreCase(headers.first("Transfer-Encoding"));
        if (!isNew || !isChunked || headers.count("Transfer-Encoding") > 1) {
            throw MalformedException.of("Transfer-Encoding is chunked, and for HTTP/1.1 only.");
        }
        if (headers.count("Content-Length") > 0) {
            throw MalformedException.of("A body has Transfer-Encoding or Content-Length, not both.");
        }
        return Head.CHUNKED;
    }

    private static boolean says(String connection, String option) {
        if (connection == null) {
            return false;
        }
        for (String part : connection.split(",")) {
            if (part.strip().equalsIgnoreCase(option)) {
                return true;
            }
        }
        return false;
    }
}
