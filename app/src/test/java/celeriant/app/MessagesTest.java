package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a running gateway says, and what it never does. */
@Timeout(240)
class MessagesTest {
    private static final String PAYLOAD = "canary-in-a-payload";
    private static final String QUERY = "canary-in-a-query";
    private static final String HEADER = "canary-in-a-header";
    private static final String[] PUBLIC = {"--behind-proxy", "--public-urls", "https://log.example.org"};
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    @Test
    void everyMessageIsALineOfJsonWithoutSecretsOrPayloads() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        String key = Backend.key(data);
        String messages;
        String share;
        String ticket;
        try (ServeProcess serve = ServeProcess.start(data, Map.of("CELERIANT_LOGGING_LEVEL", "debug"))) {
            Backend backend = Backend.at(serve.url(), key);
            String event = "[{\"type\":\"drawn\",\"data\":\"" + PAYLOAD + "\"}]";
            assertEquals(
                    201,
                    backend.send("POST", "/v1/acme/canvas/one/events", event).statusCode());
            assertEquals(
                    400,
                    backend.send("POST", "/v1/acme/appends", "{\"appends\":" + PAYLOAD)
                            .statusCode());
            assertEquals(
                    400,
                    backend.send("GET", "/v1/acme/events?after=" + QUERY, "").statusCode());
            Backend thief = Backend.at(serve.url(), key + HEADER);
            assertEquals(401, thief.send("GET", "/v1/acme", "").statusCode());
            share = JSON.readTree(backend.send("POST", "/v1/acme/canvas/one/shares", "{\"level\":\"reader\"}")
                            .body())
                    .get("secret")
                    .asString();
            assertEquals(
                    404,
                    backend.send("POST", "/v1/acme/shares/redeem", "{\"secret\":\"" + PAYLOAD + "\"}")
                            .statusCode());
            ticket = usedTicket(backend);
            serve.terminate();
            serve.status();
            messages = serve.messages();
        }
        List<JsonNode> lines = messages.lines().map(JSON::readTree).toList();
        assertEquals(
                List.of("serving", "stopping", "stopped"),
                lines.stream()
                        .filter(line -> line.get("logger").asString().equals("celeriant.app.Server"))
                        .map(line -> line.get("message").asString())
                        .toList());
        JsonNode append = lines.stream()
                .filter(line -> line.path("path").asString("").equals("/v1/acme/canvas/one/events"))
                .findFirst()
                .orElseThrow();
        assertEquals("201", append.get("status").asString());
        assertEquals("svc.billing", append.get("client").asString());
        for (JsonNode line : lines) {
            assertTrue(line.has("time") && line.has("level") && line.has("logger"), line::toString);
        }
        String secretOfKey = key.substring(key.lastIndexOf('_') + 1);
        for (String secret : List.of(PAYLOAD, QUERY, HEADER, share, ticket, key, secretOfKey)) {
            assertFalse(messages.contains(secret), secret);
        }
    }

    @Test
    void whereItListensIsToldBesideItsPublicUrl() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        try (ServeProcess serve = ServeProcess.start(data, Map.of(), PUBLIC)) {
            assertEquals("https://log.example.org", serve.url());
            String bound = serve.serving("bound");
            HttpRequest page = HttpRequest.newBuilder(URI.create("http://" + bound + "/problems"))
                    .build();
            HttpClient client = HttpClient.newHttpClient();
            assertEquals(200, client.send(page, BodyHandlers.discarding()).statusCode());
        }
        Map<String, String> asText = Map.of("CELERIANT_LOGGING_FORMAT", "text");
        try (ServeProcess serve = ServeProcess.start(data, asText, PUBLIC)) {
            assertTrue(serve.messages().lines().anyMatch(line -> line.matches("bound 127\\.0\\.0\\.1:\\d+")));
        }
    }

    /** Opens a stream with a ticket, and returns it. */
    private static String usedTicket(Backend backend) throws IOException, InterruptedException {
        String prepared =
                backend.send("POST", "/v1/acme/subscriptions", "{\"after\":0}").body();
        String url = JSON.readTree(prepared).get("url").asString();
        HttpClient.newHttpClient()
                .send(backend.request("GET", url, "").build(), BodyHandlers.ofInputStream())
                .body()
                .close();
        return url.substring(url.lastIndexOf('/') + 1);
    }
}
