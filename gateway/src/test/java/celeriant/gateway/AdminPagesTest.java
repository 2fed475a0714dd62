package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.EventLog;
import celeriant.log.LogHealth;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the admin port says of a gateway whose log is well, low, or failed. */
@Timeout(240)
class AdminPagesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile LogHealth health = LogHealth.GOOD;
    private final Gateway gateway = Gateway.builder(watched()).start();

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
        http.close();
    }

    /** The log, but for its health. */
    private EventLog watched() {
        return (EventLog) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("health") ? health : method.invoke(log, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.adminUrl() + path))
                .timeout(TIMEOUT)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private void assertSays(String path, int status, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        assertEquals(status + " " + body, answer.statusCode() + " " + answer.body());
    }

    @Test
    void aGatewayThatIsWellIsReady() throws IOException, InterruptedException {
        assertSays("/healthz", 200, "ok\n");
        assertSays("/readyz", 200, "ready\n");
        assertTrue(get("/metrics").body().contains("\nceleriant_ready 1\n"));
    }

    @Test
    void oneWhoseDiskIsLowIsNotReadyAndNeedsNoRestart() throws IOException, InterruptedException {
        health = LogHealth.refusing("the disk is low");
        assertSays("/healthz", 200, "ok\n");
        assertSays("/readyz", 503, "no appends are taken: the disk is low\n");
        assertTrue(get("/metrics").body().contains("\nceleriant_ready 0\n"));
    }

    @Test
    void oneWhoseStorageFailedAsksForARestart() throws IOException, InterruptedException {
        health = LogHealth.failed("a sync failed");
        assertSays("/healthz", 503, "restart it: a sync failed\n");
        assertSays("/readyz", 503, "no appends are taken: a sync failed\n");
    }

    @Test
    void requestsAreCountedAndTimed() throws IOException, InterruptedException {
        assertEquals(
                404, new TestDevice(gateway.url()).get("/v1/acme/canvas/none").status());
        String metrics = get("/metrics").body();
        assertTrue(metrics.contains("\nceleriant_requests_total{method=\"GET\",status=\"404\"} 1\n"), metrics);
        assertTrue(metrics.contains("\nceleriant_request_seconds_count 3\n"), "two for the token, one for the read");
        assertTrue(
                Pattern.compile("\nceleriant_connections [1-9]")
                        .matcher(metrics)
                        .find(),
                metrics);
    }
}
