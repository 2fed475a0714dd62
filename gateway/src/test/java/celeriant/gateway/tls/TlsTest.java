package celeriant.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.gateway.Reply;
import celeriant.gateway.SseReader;
import celeriant.gateway.TestDevice;
import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import java.net.http.HttpClient.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole protocol over TLS, by HTTP/1.1 and by HTTP/2. */
@Timeout(240)
class TlsTest {
    private static final int STREAMS = 50;
    private static final int EVENTS = 2_000;
    private static final int EVENT_CHARS = 1_000;

    @TempDir
    private Path folder;

    private final Operator operator = Operator.local();
    private InMemoryEventLog log;
    private TestCertificate certificate;
    private Gateway gateway;

    @BeforeEach
    void start() {
        certificate = TestCertificate.make(folder, "one");
        log = new InMemoryEventLog(Gateway.admission(operator));
        TlsConfig tls = TlsConfig.pem(certificate.chain(), certificate.key());
        gateway = Gateway.builder(log)
                .operator(operator)
                .config(GatewayConfig.loopback(0).withTls("127.0.0.1", List.of(), tls))
                .start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private TestDevice device(Version version) {
        return certificate.device(gateway.url(), version);
    }

    private static Reply append(TestDevice device, long sequence, String data) {
        return device.append("/v1/acme/canvas/board", sequence, "{\"type\":\"drawn\",\"data\":\"" + data + "\"}");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void appendsReadsAndRefusalsAreTheSame(Version version) {
        TestDevice device = device(version);
        assertTrue(gateway.url().startsWith("https://"), gateway.url());
        Reply reply = append(device, 1, "first");
        assertEquals(201, reply.status(), reply::toString);
        assertEquals(version, reply.response().version());
        assertEquals("\"1\"", reply.header("ETag"));
        assertEquals(
                "first",
                device.get("/v1/acme/canvas/board/events")
                        .json()
                        .at("/events/0/data")
                        .asString());
        Reply head = device.request("HEAD", "/v1/acme/canvas/board", null);
        assertEquals(200, head.status());
        assertEquals(0, head.response().body().length);
        assertEquals("not-found", device.get("/v1/acme/canvas/none").code());
        assertEquals("too-large", append(device, 2, "x".repeat(9 << 20)).code(), "and what follows goes on as before");
        assertEquals(201, append(device, 2, "second").status());
        assertEquals(204, device.request("OPTIONS", "/v1/acme", null).status());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aLongAnswerAndALongBodyPass(Version version) {
        TestDevice device = device(version);
        StringBuilder events = new StringBuilder("[");
        for (int i = 0; i < 1_000; i++) {
            events.append(i == 0 ? "" : ",").append("{\"type\":\"drawn\",\"data\":\"");
            events.append("x".repeat(EVENT_CHARS)).append("\"}");
        }
        events.append("]");
        for (int i = 1; i <= EVENTS / 1_000; i++) {
            Reply reply = device.append("/v1/acme/canvas/board", i, events.toString());
            assertEquals(201, reply.status(), reply::toString);
        }
        Reply all = device.get("/v1/acme/events", "Accept", "application/x-ndjson");
        assertEquals(EVENTS + 1, all.text().lines().count(), "and the last line");
        assertTrue(all.text().endsWith("}\n"));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void manyStreamsGetEachEventAndAreToldToComeBack(Version version) {
        TestDevice device = device(version);
        assertEquals(201, append(device, 1, "first").status());
        List<SseReader> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(new SseReader(device.open("/v1/acme/events?after=2", "Accept", "text/event-stream")));
        }
        streams.forEach(stream -> assertEquals("caught-up", stream.next().event()));
        for (int i = 2; i < 12; i++) {
            assertEquals(201, append(device, i, "x".repeat(EVENT_CHARS * i)).status());
            String id = Integer.toString(i + 1);
            streams.forEach(stream -> assertEquals(id, stream.next().id()));
        }
        gateway.close();
        streams.forEach(stream -> assertEquals("closing", stream.next().event()));
        streams.forEach(stream -> assertEquals("end", stream.next().event()));
    }
}
