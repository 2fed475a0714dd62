package celeriant.gateway.net;

import celeriant.gateway.http.BodyReceiver;

/** Takes a request's body out of what a connection received. Confined to its connection. */
sealed interface BodyBytes permits LengthBody, ChunkedBody {
    /**
     * Hands what is body between {@code from} and {@code to} to {@code receiver}, at most one piece of it.
     *
     * @return where the rest begins; {@code from} if more must come first
     */
    int take(byte[] data, int from, int to, BodyReceiver receiver) throws MalformedException;

    /** How many bytes are announced that have not come; of what comes in chunks those of the present one. */
    long left();

    /** Whether all of it was taken. */
    boolean isWhole();

    static BodyBytes of(long contentLength) {
        return contentLength == Head.CHUNKED ? new ChunkedBody() : new LengthBody(contentLength);
    }
}
