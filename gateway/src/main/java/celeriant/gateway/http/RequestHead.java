package celeriant.gateway.http;

/**
 * What a request says before its body. Immutable: any thread.
 *
 * @param path as it was sent, not decoded
 * @param query what stands behind the question mark; null without one
 * @param authority host and port that the caller means; null if it does not say
 */
public record RequestHead(String method, String path, String query, String authority, HeaderLines headers) {
    /** The same as an answer to GET, without its body. */
    public boolean isHead() {
        return method.equals("HEAD");
    }
}
