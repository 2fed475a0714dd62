package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages are packed for callers that take it, and event streams for nobody. */
@Timeout(240)
class PackedPagesTest {
    private static final int EVENTS = 300;

    private final Operator operator = Operator.local();
    private final InMemoryEventLog log = new InMemoryEventLog(Gateway.admission(operator));
    private final Gateway gateway = Gateway.builder(log).operator(operator).start();
    private final TestDevice device = new TestDevice(gateway.url());

    @BeforeEach
    void fill() {
        StringBuilder events = new StringBuilder("[");
        for (int i = 0; i < EVENTS; i++) {
            events.append(i == 0 ? "" : ",")
                    .append("{\"type\":\"drawn\",\"key\":\"" + i + "\",\"data\":\"" + i + "\"}");
        }
        Reply reply =
                device.append("/v1/acme/canvas/board", 1, events.append("]").toString());
        assertEquals(201, reply.status(), reply::toString);
    }

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/acme/events?limit=1000, application/json",
        "/v1/acme/events, application/x-ndjson",
        "/v1/acme/canvas/board/events?limit=1000, application/json",
        "/v1/acme/canvas/board/state, application/json",
        "/openapi.json, application/json",
        "/openapi, text/html",
        "/problems, text/html"
    })
    void whatIsUnpackedIsTheSame(String path, String type) throws IOException {
        String plain = device.get(path, "Accept", type).text();
        for (String coding : new String[] {"gzip", "br", "zstd"}) {
            Reply packed = device.get(path, "Accept", type, "Accept-Encoding", coding);
            assertEquals(coding, packed.header("Content-Encoding"));
            assertTrue(packed.response().headers().allValues("Vary").contains("Accept-Encoding"));
            assertTrue(packed.response().body().length < plain.length() / 2);
            assertEquals(plain, unpacked(coding, packed.response().body()));
        }
    }

    private static String unpacked(String coding, byte[] body) throws IOException {
        InputStream in = new ByteArrayInputStream(body);
        try (InputStream plain = unpacking(coding, in)) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream unpacking(String coding, InputStream in) throws IOException {
        return switch (coding) {
            case "gzip" -> new GZIPInputStream(in);
            case "br" -> new BrotliInputStream(in);
            default -> new ZstdInputStream(in);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd|zstd",
                "GZIP;q=0.5|gzip",
                "zstd;q=0, gzip|gzip",
                "gzip, deflate, br|br",
                "deflate|",
                "gzip;q=0|",
                "gzip;q=1, zstd;q=0.5, br;q=0.9|gzip",
                "zstd ; Q=0.001 , gzip;q=0.002|gzip",
                "br;q=0.5, gzip;q=0.5|br",
                "identity, gzip;q=0.9|",
                "identity;q=0.5, gzip;q=0.5|gzip",
                "identity;q=0, gzip;q=0.1|gzip",
                "*|zstd",
                "*;q=0.1, zstd;q=0|br",
                "gzip;q=0.5, *;q=0.4|gzip",
                "gzip;q=0.5, *;q=0|gzip",
                "gzip, identity, *;q=0|gzip",
                "identity;q=0|",
                "*;q=0|",
                "identity;q=0, deflate|",
                "''|"
            })
    void theCallerChooses(String accepted, String coding) {
        Reply reply = device.get("/v1/acme/events?limit=1000", "Accept-Encoding", accepted);
        assertEquals(coding, reply.header("Content-Encoding"));
    }

    @Test
    void smallAnswersAreNotPacked() {
        assertNull(device.get("/v1/acme", "Accept-Encoding", "gzip").header("Content-Encoding"));
        assertNull(device.get("/v1/acme", "Accept-Encoding", "*").header("Content-Encoding"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, identity;q=0", "gzip, *;q=0"})
    void unlessTheCallerTakesThemInNoOtherWay(String accepted) throws IOException {
        Reply packed = device.get("/v1/acme", "Accept-Encoding", accepted);
        assertEquals("gzip", packed.header("Content-Encoding"));
        assertEquals(
                "{\"types\":[\"canvas\"]}", unpacked("gzip", packed.response().body()));
        Reply known = device.get("/v1/acme/canvas/board", "Accept-Encoding", accepted, "If-None-Match", "*");
        assertEquals(304, known.status());
        assertNull(known.header("Content-Encoding"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void anEventStreamIsNotPacked(String coding) {
        try (SseReader stream = new SseReader(
                device.open("/v1/acme/events?after=0", "Accept", "text/event-stream", "Accept-Encoding", coding))) {
            assertTrue(stream.next().data().contains("drawn"));
        }
    }
}
