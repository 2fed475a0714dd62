package celeriant.gateway.http;

import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request says about media types. Stateless: any thread. */
public final class MediaTypes {
    public static final String NDJSON = "application/x-ndjson";
    public static final String EVENT_STREAM = "text/event-stream";
    public static final String OCTETS = "application/octet-stream";

    private static final Pattern QUALITY = Pattern.compile(";\\s*[qQ]=([01](?:\\.\\d{0,3})?)");

    private MediaTypes() {}

    /** Refuses a body that says it is something else than JSON; one that says nothing is taken for JSON. */
    public static void requireJson(Exchange exchange) {
        String type = exchange.singleHeader("Content-Type");
        if (type == null || type.equals(Answer.JSON)) {
            return;
        }
        String essence = essence(type);
        if (!essence.equals(Answer.JSON) && !essence.endsWith("+json")) {
            throw RefusedException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body is " + Answer.JSON + ".");
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
        double stream = quality(accept, EVENT_STREAM);
        double lines = quality(accept, NDJSON);
        double json = quality(accept, Answer.JSON, "application/*", "*/*");
        if (stream > 0 && stream >= Math.max(lines, json)) {
            return EVENT_STREAM;
        }
        return lines > 0 && lines >= json ? NDJSON : Answer.JSON;
    }

    /** The quality of the first of {@code ranges} that {@code accept} names; 0 if it names none. */
    private static double quality(String accept, String... ranges) {
        for (String asked : ranges) {
            for (String range : accept.split(",")) {
                if (essence(range).equals(asked)) {
                    Matcher quality = QUALITY.matcher(range);
                    return quality.find() ? Double.parseDouble(quality.group(1)) : 1;
                }
            }
        }
        return 0;
    }

    private static String essence(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}
