package celeriant.gateway.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The headers that every answer has: the date, no sniffing, no storing in shared caches, the current nonce, and CORS
 * for the origins that are configured. What all answers of one second share is made once. Any thread.
 */
public final class StandingHeaders {
    /** Any origin: there are no cookies that a foreign page could ride on. */
    public static final String ANY_ORIGIN = "*";

    private static final int LOGGABLE_CHARS_MAX = 200;
    private static final String PREFLIGHT_SECONDS = "7200";
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String ALLOWED = "Authorization, DPoP, Content-Type, Accept, Idempotency-Key, Append-Sequence,"
            + " If-Match, If-None-Match, Last-Event-ID";
    private static final String EXPOSED = "DPoP-Nonce, ETag, Retry-After, Location, WWW-Authenticate";

    /** The date of RFC 9110 section 5.6.7. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final Set<String> origins;
    private final Supplier<String> nonce;
    private final InstantSource clock;
    private volatile Shared shared;

    /** The headers of the answers of one second: those of the protocol's addresses, and those of others. */
    private record Shared(long second, HeaderBlock api, HeaderBlock other) {}

    public StandingHeaders(Set<String> origins, Supplier<String> nonce, InstantSource clock) {
        this.origins = Set.copyOf(origins);
        this.nonce = nonce;
        this.clock = clock;
        this.shared = shared(second());
    }

    /** The head of an answer to {@code request}, with all of them. */
    ResponseHead begin(RequestHead request, int status) {
        Shared now = shared;
        long second = second();
        if (now.second() != second) {
            now = shared(second);
            shared = now;
        }
        ResponseHead response = new ResponseHead(status, isApi(request.path()) ? now.api() : now.other());
        String origin = request.headers().first("Origin");
        if (origin != null && isAllowed(origin)) {
            response.put("Access-Control-Allow-Origin", origin);
            response.put("Access-Control-Expose-Headers", EXPOSED);
        }
        return response;
    }

    private static boolean isApi(String path) {
        return path.startsWith("/v1/") || path.startsWith("/oauth/") || path.equals("/v1");
    }

    private long second() {
        return clock.millis() / 1_000;
    }

    private Shared shared(long second) {
        List<String> other = new ArrayList<>(List.of(
                "Date",
                DATE.format(Instant.ofEpochSecond(second)),
                "X-Content-Type-Options",
                "nosniff",
                "DPoP-Nonce",
                nonce.get()));
        if (!origins.isEmpty()) {
            other.addAll(List.of("Vary", "Origin"));
        }
        List<String> api = new ArrayList<>(other);
        api.addAll(List.of("Cache-Control", "private, no-store"));
        return new Shared(second, HeaderBlock.of(api), HeaderBlock.of(other));
    }

    private boolean isAllowed(String origin) {
        return origins.contains(origin) || origins.contains(ANY_ORIGIN);
    }

    /** Adds what a browser asks for before a request from another origin, if that origin may. */
    Answer onPreflight(Answer answer, String origin) {
        if (origin == null || !isAllowed(origin)) {
            return answer;
        }
        return answer.with("Access-Control-Allow-Methods", METHODS)
                .with("Access-Control-Allow-Headers", ALLOWED)
                .with("Access-Control-Max-Age", PREFLIGHT_SECONDS);
    }

    /** A text of the caller's as it may stand in a log: short, and without control characters. */
    static String loggable(String text) {
        String cut = text.length() > LOGGABLE_CHARS_MAX ? text.substring(0, LOGGABLE_CHARS_MAX) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
