package celeriant.gateway;

import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.HeaderBlock;
import celeriant.gateway.http.RequestHead;
import celeriant.gateway.http.RequestReceiver;
import celeriant.gateway.http.ResponseHead;
import celeriant.gateway.metrics.Metrics;
import celeriant.log.EventLog;
import celeriant.log.LogHealth;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * {@code /healthz} (a restart would heal nothing), {@code /readyz} (it serves, and the log takes appends),
 * {@code /metrics}. On an event loop; nothing here waits.
 */
final class AdminPages implements RequestReceiver {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private static final HeaderBlock STANDING =
            HeaderBlock.of(List.of("X-Content-Type-Options", "nosniff", "Cache-Control", "no-store"));

    private final EventLog log;
    private final Metrics metrics;
    private final BooleanSupplier serving;

    AdminPages(EventLog log, Metrics metrics, BooleanSupplier serving) {
        this.log = log;
        this.metrics = metrics;
        this.serving = serving;
    }

    @Override
    public void receive(RequestHead request, Carrier carrier) {
        if (!request.method().equals("GET") && !request.isHead()) {
            carrier.answer(head(405, TEXT).put("Allow", "GET, HEAD"), bytes("method not allowed\n"));
            return;
        }
        switch (request.path()) {
            case "/healthz" -> lives(carrier);
            case "/readyz" -> ready(carrier);
            case "/metrics" -> answer(carrier, 200, PROMETHEUS, metrics.text(log));
            default -> answer(carrier, 404, TEXT, "see /healthz, /readyz, /metrics\n");
        }
    }

    private void lives(Carrier carrier) {
        LogHealth health = log.health();
        if (health.needsRestart()) {
            answer(carrier, 503, TEXT, "restart it: " + health.reason() + "\n");
        } else {
            answer(carrier, 200, TEXT, "ok\n");
        }
    }

    private void ready(Carrier carrier) {
        if (!serving.getAsBoolean()) {
            answer(carrier, 503, TEXT, "stopping\n");
        } else if (isReady()) {
            answer(carrier, 200, TEXT, "ready\n");
        } else {
            answer(carrier, 503, TEXT, "no appends are taken: " + log.health().reason() + "\n");
        }
    }

    /** Whether requests are taken, appends among them. */
    public boolean isReady() {
        return serving.getAsBoolean() && log.health().takesAppends();
    }

    private static void answer(Carrier carrier, int status, String type, String body) {
        carrier.answer(head(status, type), bytes(body));
    }

    private static ResponseHead head(int status, String type) {
        return new ResponseHead(status, STANDING).put("Content-Type", type);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
