package celeriant.gateway.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.gateway.Reply;
import celeriant.gateway.SseReader;
import celeriant.gateway.TestDevice;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.operator.OperatorFile;
import celeriant.gateway.tls.TestCertificate;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything passes through nginx as it is configured in {@code deploy/nginx}, over HTTP/1.1 and HTTP/2. */
@Timeout(240)
class NginxTest {
    private static final String PUBLIC = "https://log.example.com";
    private static final int PAGE_EVENTS = 100;
    private static final int EVENT_CHARS = 1_000;
    private static final int STREAMS = 20;

    @TempDir
    private Path folder;

    private InMemoryEventLog log;
    private Gateway gateway;
    private Nginx nginx;
    private TestCertificate certificate;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        new OperatorFile(folder).putOrg("acme", true);
        Operator operator = new Operator(new OperatorFile(folder), Optional.empty());
        log = new InMemoryEventLog(Gateway.admission(operator));
        gateway = Gateway.builder(log)
                .config(GatewayConfig.loopback(0).withProxy("127.0.0.1", List.of(PUBLIC)))
                .operator(operator)
                .start();
        certificate = TestCertificate.make(folder, "proxy");
        nginx = Nginx.before(gateway.port(), folder, certificate);
    }

    @AfterEach
    void stop() {
        if (nginx != null) {
            nginx.close();
        }
        gateway.close();
        log.close();
    }

    private TestDevice device(Version version) {
        return certificate.device(nginx.url(), PUBLIC, version);
    }

    private static Reply append(TestDevice device, long sequence, String text) {
        return device.append("/v1/acme/canvas/board", sequence, "{\"type\":\"drawn\",\"data\":\"" + text + "\"}");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void appendsAndLargePagesPass(Version version) {
        TestDevice device = device(version);
        String text = "x".repeat(EVENT_CHARS);
        for (int i = 1; i <= PAGE_EVENTS; i++) {
            Reply reply = append(device, i, text);
            assertEquals(201, reply.status(), reply::toString);
            assertEquals("\"" + i + "\"", reply.header("ETag"));
            assertEquals(version, reply.response().version());
        }
        Reply page = device.get("/v1/acme/events?limit=" + PAGE_EVENTS);
        assertTrue(page.response().body().length > PAGE_EVENTS * EVENT_CHARS);
        assertEquals(PAGE_EVENTS, page.json().get("events").size());
        HttpResponse<byte[]> packed = device.get("/v1/acme/events?limit=" + PAGE_EVENTS, "Accept-Encoding", "gzip")
                .response();
        assertEquals("gzip", packed.headers().firstValue("Content-Encoding").orElse(""));
        Reply large = append(device, PAGE_EVENTS + 1, "y".repeat(EVENT_CHARS * EVENT_CHARS));
        assertEquals(201, large.status(), large::toString);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void eachEventOfAStreamPassesAtOnce(Version version) {
        TestDevice device = device(version);
        assertEquals(201, append(device, 1, "first").status());
        try (SseReader stream = new SseReader(
                device.open("/v1/acme/events?after=0", "Accept", "text/event-stream", "Accept-Encoding", "gzip"))) {
            assertEquals(200, stream.status());
            assertTrue(stream.next().data().contains("first"));
            assertEquals("caught-up", stream.next().event());
            for (int i = 2; i <= PAGE_EVENTS; i++) {
                assertEquals(201, append(device, i, "event " + i).status());
                SseReader.Message message = stream.next();
                assertEquals(Integer.toString(i + 1), message.id(), "the owner's rights are position 2");
                assertTrue(message.data().contains("event " + i), message::toString);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void manyStreamsOfOneCallerStayOpen(Version version) {
        TestDevice device = device(version);
        assertEquals(201, append(device, 1, "first").status());
        List<SseReader> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(new SseReader(device.open("/v1/acme/events?after=2", "Accept", "text/event-stream")));
        }
        streams.forEach(stream -> assertEquals("caught-up", stream.next().event()));
        assertEquals(201, append(device, 2, "second").status());
        streams.forEach(stream -> assertEquals("3", stream.next().id()));
        gateway.close();
        streams.forEach(stream -> assertEquals("closing", stream.next().event()));
        streams.forEach(SseReader::close);
    }
}
