package celeriant.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The headers that every answer has: no sniffing, no storing in shared caches, the current nonce, and CORS for the
 * origins that are configured. Immutable: any thread.
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

    private final Set<String> origins;
    private final Supplier<String> nonce;

    public StandingHeaders(Set<String> origins, Supplier<String> nonce) {
        this.origins = Set.copyOf(origins);
        this.nonce = nonce;
    }

    void on(HttpServerRequest request, HttpServerResponse response) {
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.putHeader("DPoP-Nonce", nonce.get());
        String path = request.path();
        if (path != null && (path.equals("/v1") || path.startsWith("/v1/") || path.startsWith("/oauth/"))) {
            response.putHeader("Cache-Control", "private, no-store");
        }
        String origin = request.getHeader("Origin");
        if (!origins.isEmpty()) {
            response.putHeader("Vary", "Origin");
        }
        if (origin != null && isAllowed(origin)) {
            response.putHeader("Access-Control-Allow-Origin", origin);
            response.putHeader("Access-Control-Expose-Headers", EXPOSED);
        }
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
    String loggable(String text) {
        String cut = text.length() > LOGGABLE_CHARS_MAX ? text.substring(0, LOGGABLE_CHARS_MAX) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
