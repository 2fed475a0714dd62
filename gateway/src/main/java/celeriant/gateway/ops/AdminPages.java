package celeriant.gateway.ops;

import celeriant.log.EventLog;
import celeriant.log.LogHealth;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BooleanSupplier;

/**
 * {@code /healthz} (the process lives), {@code /readyz} (it serves, and the log takes appends), {@code /metrics}. On
 * the admin server's event loop; nothing here blocks.
 */
public final class AdminPages {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final EventLog log;
    private final Metrics metrics;
    private final BooleanSupplier serving;

    public AdminPages(EventLog log, Metrics metrics, BooleanSupplier serving) {
        this.log = log;
        this.metrics = metrics;
        this.serving = serving;
    }

    public void receive(HttpServerRequest request) {
        if (!request.method().name().equals("GET") && !request.method().name().equals("HEAD")) {
            request.response().putHeader("Allow", "GET, HEAD");
            answer(request, 405, TEXT, "method not allowed\n");
            return;
        }
        switch (request.path()) {
            case "/healthz" -> answer(request, 200, TEXT, "ok\n");
            case "/readyz" -> ready(request);
            case "/metrics" -> answer(request, 200, PROMETHEUS, metrics.text());
            case null, default -> answer(request, 404, TEXT, "see /healthz, /readyz, /metrics\n");
        }
    }

    private void ready(HttpServerRequest request) {
        LogHealth health = log.health();
        if (!serving.getAsBoolean()) {
            answer(request, 503, TEXT, "stopping\n");
        } else if (health.takesAppends()) {
            answer(request, 200, TEXT, "ready\n");
        } else {
            answer(request, 503, TEXT, "no appends are taken: " + health.reason() + "\n");
        }
    }

    private static void answer(HttpServerRequest request, int status, String type, String body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", type)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-store")
                .end(body);
    }
}
