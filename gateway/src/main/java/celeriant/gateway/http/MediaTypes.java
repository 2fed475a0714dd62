package celeriant.gateway.http;

import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;
import java.util.Locale;

/** What a request says about media types. Stateless: any thread. */
public final class MediaTypes {
    public static final String NDJSON = "application/x-ndjson";
    public static final String EVENT_STREAM = "text/event-stream";
    public static final String OCTETS = "application/octet-stream";

    private MediaTypes() {}

    /** Refuses a body that says it is something else than JSON; one that says nothing is taken for JSON. */
    public static void requireJson(Exchange exchange) {
        String type = exchange.header("Content-Type");
        if (type == null || type.equals(Answer.JSON)) {
            return;
        }
        String essence = essence(type);
        if (!essence.equals(Answer.JSON) && !essence.endsWith("+json")) {
            throw RefusedException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body is " + Answer.JSON + ".");
        }
    }

    /** Whether the caller asks for {@code type} by name. */
    public static boolean accepts(Exchange exchange, String type) {
        String accept = exchange.header("Accept");
        if (accept == null) {
            return false;
        }
        for (String range : accept.split(",")) {
            if (essence(range).equals(type)) {
                return true;
            }
        }
        return false;
    }

    private static String essence(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}
