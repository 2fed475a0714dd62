package celeriant.gateway.http;

import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;

/** What a request says about media types. Stateless: any thread. */
public final class MediaTypes {
    public static final String NDJSON = "application/x-ndjson";
    public static final String EVENT_STREAM = "text/event-stream";
    public static final String OCTETS = "application/octet-stream";

    private MediaTypes() {}

    /** Refuses a body that says it is something else than JSON; one that says nothing is taken for JSON. */
    public static void requireJson(Exchange exchange) {
        String type = exchange.singleHeader("Content-Type");
        if (type == null || type.equals(Answer.JSON)) {
            return;
        }
        String essence = Weights.essence(type);
        if (!essence.equals(Answer.JSON) && !essence.endsWith("+json")) {
            throw new RefusedException(Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body is " + Answer.JSON + ".")
                    .with("header", "Content-Type"));
        }
    }

    /**
     * The form of the merged log that the caller likes best (RFC 9110 section 12.5.1): {@link #EVENT_STREAM} or
     * {@link #NDJSON} if it asks for them by name, and not less than for JSON; else JSON.
     */
    public static String preferred(Exchange exchange) {
        String accept = exchange.listHeader("Accept");
        if (accept == null) {
            return Answer.JSON;
        }
        double stream = Weights.of(accept, EVENT_STREAM).orElse(0);
        double lines = Weights.of(accept, NDJSON).orElse(0);
        double json = Weights.of(accept, Answer.JSON, "application/*", "*/*").orElse(0);
        if (stream > 0 && stream >= Math.max(lines, json)) {
            return EVENT_STREAM;
        }
        return lines > 0 && lines >= json ? NDJSON : Answer.JSON;
    }
}
