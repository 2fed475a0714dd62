package celeriant.gateway.http;

import java.util.ArrayList;
import java.util.List;

/** An answer's status and headers while they are put together. Confined to the event loop. */
public final class ResponseHead {
    private final int status;
    private final HeaderBlock standing;
    private final List<String> own = new ArrayList<>(8);

    /** {@code standing} are the headers that it has in common with others. */
    public ResponseHead(int status, HeaderBlock standing) {
        this.status = status;
        this.standing = standing;
    }

    public ResponseHead put(String name, String value) {
        own.add(name);
        own.add(value);
        return this;
    }

    public int status() {
        return status;
    }

    public HeaderBlock standing() {
        return standing;
    }

    /** Names and values in turn of what is its own. */
    public List<String> own() {
        return own;
    }

    /** Whether an answer of this status has a body, and a length if it is empty (RFC 9110 section 8.6). */
    public boolean mayHaveBody() {
        return status >= 200 && status != 204 && status != 304;
    }
}
