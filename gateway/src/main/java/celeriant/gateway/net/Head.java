package celeriant.gateway.net;

import celeriant.gateway.http.RequestHead;

/**
 * A request's head with what HTTP/1.1 makes of it.
 *
 * @param contentLength of its body; 0 without one, {@link #CHUNKED} if it comes in chunks
 * @param keepsAlive whether another request may follow
 * @param takesChunks whether the answer may come in chunks: not to HTTP/1.0
 * @param expectsContinue whether the caller waits for {@code 100 Continue} before it sends the body
 */
record Head(RequestHead request, long contentLength, boolean keepsAlive, boolean takesChunks, boolean expectsContinue) {
    static final long CHUNKED = -1;

    /** The same without what the caller said: what stays open for long need not keep it. */
    Head bare() {
        return new Head(RequestHead.NOTHING, contentLength, keepsAlive, takesChunks, expectsContinue);
    }
}
