package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** From a device's key to a confirmed event and back out of a stream, over a real port. */
@Timeout(240)
class TruePathTest {
    private final Operator operator = Operator.local();
    private final InMemoryEventLog log = new InMemoryEventLog(Gateway.admission(operator));
    private final Gateway gateway = Gateway.builder(log).operator(operator).start();
    private final TestDevice device = new TestDevice(gateway.url());

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private static String push(long sequence, UUID id, String after, String key, String data) {
        return "{\"after\":" + after + ",\"appends\":[{\"sequence\":" + sequence + ",\"id\":\"" + id
                + "\",\"events\":[{\"aggregate\":\"canvas/board-1\",\"type\":\"cell-painted\",\"key\":\"" + key
                + "\",\"data\":" + data + "}]}]}";
    }

    @Test
    void anAppendIsRecordedOnceAndReadBackAsItWasSent() {
        UUID id = UUID.randomUUID();
        String body = push(1, id, "null", "3,4", "\"#d4a017\"");
        Reply first = device.post("/v1/acme/appends", body);
        assertEquals(200, first.status(), first::toString);
        assertEquals("appended", first.json().at("/results/0/status").asString());
        assertEquals(1, first.json().at("/results/0/versions/canvas~1board-1").asInt());
        Reply again = device.post("/v1/acme/appends", body);
        assertEquals("duplicate", again.json().at("/results/0/status").asString());
        assertEquals(first.json().get("head"), again.json().get("head"));

        JsonNode event = device.get("/v1/acme/canvas/board-1/events").json().at("/events/0");
        assertEquals("#d4a017", event.get("data").asString());
        assertEquals(device.client(), event.get("client").asString());
        Reply state = device.get("/v1/acme/canvas/board-1/state");
        assertEquals("\"1\"", state.header("ETag"));
        assertEquals("#d4a017", state.json().at("/registers/3,4/data").asString());
        assertEquals(
                304,
                device.get("/v1/acme/canvas/board-1/state", "If-None-Match", "\"1\"")
                        .status());
    }

    @Test
    void theMergedLogComesInPagesThatGoOnWhereTheLastEnded() {
        String after = "null";
        for (int i = 1; i <= 5; i++) {
            UUID id = UUID.randomUUID();
            Reply reply = device.post("/v1/acme/appends", push(i, id, after, "k" + i, Integer.toString(i)));
            assertEquals(200, reply.status(), reply::toString);
            after = "{\"sequence\":" + i + ",\"id\":\"" + id + "\"}";
        }
        JsonNode page = device.get("/v1/acme/events?limit=2").json();
        assertEquals(2, page.get("events").size());
        assertEquals(3, page.get("next").asInt());
        assertEquals(6, page.get("position").asInt(), "five events, and the grant to who created it");
        JsonNode rest = device.get(
                        "/v1/acme/events?after=3&check=3:" + page.get("hash").asString() + "&log="
                                + page.get("log").asString())
                .json();
        assertEquals(3, rest.get("events").size());
        assertTrue(rest.get("next").isNull());
        assertEquals("log-diverged", device.get("/v1/acme/events?after=7").code());
        assertEquals("log-diverged", device.get("/v1/acme/events?check=2:00").code());
        String[] lines = device.get("/v1/acme/events", "Accept", "application/x-ndjson")
                .text()
                .split("\n");
        assertEquals(6, lines.length);
        assertTrue(lines[5].startsWith("{\"position\":6,"), lines[5]);
    }

    @Test
    void aSubscriberCatchesUpAndThenHearsWhatComes() throws IOException {
        Reply open = device.request("PATCH", "/v1/acme/canvas/board-1/access", "{\"public\":\"contributor\"}");
        assertEquals(200, open.status(), open::toString);
        device.post("/v1/acme/appends", push(1, UUID.randomUUID(), "null", "a", "1"));
        HttpResponse<java.io.InputStream> stream =
                device.open("/v1/acme/events?after=0", "Accept", "text/event-stream");
        assertEquals(200, stream.statusCode());
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
        assertEquals("event: granted", next(lines));
        assertEquals("id: 1", next(lines));
        assertEquals("data: {\"aggregate\":\"canvas/board-1\",\"level\":\"owner\"}", next(lines));
        assertEquals("id: 3", next(lines));
        assertTrue(next(lines).startsWith("data: [{"));
        assertEquals("event: caught-up", next(lines));
        assertEquals("id: 3", next(lines));
        assertTrue(next(lines).startsWith("data: {\"position\":3,\"log\":"));
        TestDevice other = new TestDevice(gateway.url());
        other.post("/v1/acme/appends", push(1, UUID.randomUUID(), "null", "a", "2"));
        assertEquals("id: 4", next(lines));
        String data = next(lines);
        assertTrue(data.contains("\"client\":\"" + other.client() + "\""), data);
        gateway.close();
        assertEquals("event: closing", next(lines));
        assertEquals("data: {}", next(lines));
        assertNull(next(lines));
    }

    private static String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && (line.isEmpty() || line.startsWith(":"))) {
            line = lines.readLine();
        }
        return line;
    }
}
