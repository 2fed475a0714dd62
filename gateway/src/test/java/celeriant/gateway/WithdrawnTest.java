package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.access.Principal;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.operator.OperatorFile;
import celeriant.log.EventLog;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A key is withdrawn, or a role taken away, while something is still being read with it. */
@Timeout(240)
class WithdrawnTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /** More than what lies between a gateway and a reader that does not read. */
    private static final int EVENTS = 40;

    private static final int EVENT_BYTES = 1_000_000;
    private static final String POLL = "/v1/acme/events?live=poll&wait=60";
    private static final int LITTLE_BYTES = 1_000;

    /** No poll ends by itself. */
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    private Path folder;

    private Operator operator;
    private OperatorFile file;
    private String admin;
    private String reader;
    private EventLog log;
    private Gateway gateway;

    @BeforeEach
    void start() {
        file = new OperatorFile(folder);
        admin = file.createKey("acme", "ops", Principal.Scope.ADMIN, WithdrawnTest::random);
        reader = file.createKey("acme", "reports", Principal.Scope.READ, WithdrawnTest::random);
        operator = new Operator(file, Optional.of(OrgPolicy.LOCAL));
        log = new InMemoryEventLog(Gateway.admission(operator));
        gateway = Gateway.builder(log).operator(operator).clock(() -> NOW).start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private HttpRequest request(String key, String method, String path, String body, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path))
                .timeout(TIMEOUT)
                .method(method, BodyPublishers.ofString(body))
                .header("Accept", accept)
                .header("Content-Type", "application/json");
        return key == null
                ? request.build()
                : request.header("Authorization", "Bearer " + key).build();
    }

    private HttpResponse<String> send(String key, String method, String path, String body) {
        try {
            return HTTP.send(request(key, method, gateway.url() + path, body, "*/*"), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void withdraw() {
        assertTrue(file.deleteKey(reader.split("_")[1]));
        operator.reload();
    }

    @Test
    void itsTicketOpensNothing() {
        String body = send(reader, "POST", "/v1/acme/subscriptions", "{}").body();
        String url = body.substring(body.indexOf("/v1/"), body.lastIndexOf('"'));
        withdraw();
        assertEquals(204, send(null, "GET", url, "").statusCode());
    }

    @Test
    void itsPollEnds() throws IOException, InterruptedException {
        HttpRequest poll = request(reader, "GET", gateway.url() + POLL, "", "*/*");
        CompletableFuture<HttpResponse<String>> answer = HTTP.sendAsync(poll, BodyHandlers.ofString());
        awaitPoll();
        withdraw();
        assertTrue(answer.join().body().startsWith("{\"events\":[],"), answer.join()::body);
    }

    @Test
    void thePollOfAFormerAdminEnds() throws IOException, InterruptedException {
        TestDevice device = new TestDevice(gateway.url());
        give(device, "\"admin\"");
        CompletableFuture<Reply> answer = CompletableFuture.supplyAsync(() -> device.request("GET", POLL, null));
        awaitPoll();
        boolean isAdmin = true;
        while (!answer.isDone()) {
            // It may not have been read yet as whose it is.
            isAdmin = !isAdmin;
            give(device, isAdmin ? "\"admin\"" : "null");
        }
        assertTrue(answer.join().text().startsWith("{\"events\":[],"), answer.join()::toString);
    }

    private void awaitPoll() throws IOException, InterruptedException {
        HttpRequest metrics = request(null, "GET", gateway.adminUrl() + "/metrics", "", "*/*");
        while (!HTTP.send(metrics, BodyHandlers.ofString()).body().contains("\nceleriant_streams 1\n")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void itsNdjsonIsCut() throws IOException, InterruptedException {
        fill();
        HttpRequest request = request(reader, "GET", gateway.url() + "/v1/acme/events", "", "application/x-ndjson");
        try (InputStream lines =
                HTTP.send(request, BodyHandlers.ofInputStream()).body()) {
            assertEquals('{', lines.read());
            withdraw();
            assertIsCut(lines);
        }
    }

    @Test
    void theNdjsonOfAFormerAdminIsCut() throws IOException {
        fill();
        TestDevice device = new TestDevice(gateway.url());
        give(device, "\"admin\"");
        try (InputStream lines =
                device.open("/v1/acme/events", "Accept", "application/x-ndjson").body()) {
            assertEquals('{', lines.read());
            give(device, "null");
            assertIsCut(lines);
        }
    }

    @Test
    void theStateThatItReadsIsCut() throws IOException, InterruptedException {
        fill();
        HttpRequest request = request(reader, "GET", gateway.url() + "/v1/acme/canvas/board/state", "", "*/*");
        try (InputStream state =
                HTTP.send(request, BodyHandlers.ofInputStream()).body()) {
            assertEquals('{', state.read());
            withdraw();
            assertIsCutSoon(state);
        }
    }

    @Test
    void theStateIsCutOfWhoMayNotReadItAnyMore() throws IOException {
        fill();
        TestDevice device = new TestDevice(gateway.url());
        String client = "{\"client\":\"" + device.client() + "\"";
        String grant = "{\"grants\":[" + client + ",\"level\":\"reader\"}]}";
        assertEquals(
                200, send(admin, "PATCH", "/v1/acme/canvas/board/access", grant).statusCode());
        try (InputStream state = device.open("/v1/acme/canvas/board/state").body()) {
            assertEquals('{', state.read());
            assertEquals(
                    200,
                    send(admin, "POST", "/v1/acme/canvas/board/revoke", client + "}")
                            .statusCode());
            assertIsCutSoon(state);
        }
    }

    /** By a reader who takes so little that it would hold what it reads for minutes. */
    private void assertIsCutSoon(InputStream body) {
        try {
            while (body.readNBytes(LITTLE_BYTES).length == LITTLE_BYTES) {
                send(admin, "GET", "/v1/acme/me", "");
            }
        } catch (IOException cut) {
            return;
        }
        throw new AssertionError("it came to its end");
    }

    private void fill() {
        for (int i = 0; i < EVENTS; i++) {
            String event = "{\"type\":\"drawn\",\"key\":\"" + i + "\",\"data\":\"" + "x".repeat(EVENT_BYTES) + "\"}";
            assertEquals(
                    201,
                    send(admin, "POST", "/v1/acme/canvas/board/events", event).statusCode());
        }
    }

    private void give(TestDevice device, String role) {
        String body = "{\"members\":[{\"client\":\"" + device.client() + "\",\"role\":" + role + "}]}";
        assertEquals(200, send(admin, "PATCH", "/v1/acme/members", body).statusCode());
    }

    private static void assertIsCut(InputStream lines) {
        String end = "";
        try {
            byte[] piece = lines.readNBytes(EVENT_BYTES);
            while (piece.length > 0) {
                end = new String(piece, StandardCharsets.UTF_8);
                piece = lines.readNBytes(EVENT_BYTES);
            }
        } catch (IOException cut) {
            return;
        }
        throw new AssertionError("it came to its end: " + end.substring(Math.max(0, end.length() - 200)));
    }
}
