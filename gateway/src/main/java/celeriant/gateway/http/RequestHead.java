package celeriant.gateway.http;

import java.util.List;

/**
 * What a request says before its body. Immutable: any thread.
 *
 * @param path as it was sent, not decoded
 * @param query what stands behind the question mark; null without one
 * @param authority host and port that the caller means; null if it does not say
 */
public record RequestHead(String method, String path, String query, String authority, HeaderLines headers) {
    /** Stands for a request that is not known, or not any more. */
    public static final RequestHead NOTHING = new RequestHead("GET", "/", null, null, HeaderLines.of(List.of()));

    /** The same as an answer to GET, without its body. */
    public boolean isHead() {
        return method.equals("HEAD");
    }
}
