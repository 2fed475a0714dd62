package celeriant.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.gateway.access.Principal;
import celeriant.gateway.http.TrafficLimits;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.operator.OperatorFile;
import celeriant.gateway.tls.TestCertificate;
import celeriant.gateway.tls.TlsConfig;
import celeriant.log.AppendRequest;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one caller may do with a connection of HTTP/2, and what becomes of one that does more. */
@Timeout(240)
class Http2LimitsTest {
    private static final Duration CUT_MAX = Duration.ofSeconds(180);

    private static final int PAGES = 20;

    /** GET and / by their numbers in RFC 7541's table, and an authority. */
    private static final byte[] WITHOUT_A_SCHEME = {
        (byte) 0x82, (byte) 0x84, 1, 9, '1', '2', '7', '.', '0', '.', '0', '.', '1'
    };

    private static final String WAITS_FOR_ITS_BODY = "/oauth/token";

    @TempDir
    private Path folder;

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final Random random = new Random(7);
    private String key;
    private TestCertificate certificate;
    private Gateway gateway;

    @BeforeEach
    void start() {
        certificate = TestCertificate.make(folder, "one");
        start(TrafficLimits.DEFAULT);
    }

    private void start(TrafficLimits traffic) {
        gateway = Gateway.builder(log)
                .operator(operator())
                .config(GatewayConfig.loopback(0)
                        .withTraffic(traffic)
                        .withTls("127.0.0.1", List.of(), TlsConfig.pem(certificate.chain(), certificate.key())))
                .start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private Operator operator() {
        OperatorFile file = new OperatorFile(folder);
        key = file.createKey("acme", "reader", Principal.Scope.READ, count -> {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            return bytes;
        });
        return new Operator(file, Optional.empty());
    }

    private RawHttp2 caller() throws IOException {
        return new RawHttp2(gateway.port(), certificate);
    }

    private void assertStillServing() throws IOException {
        try (RawHttp2 good = caller()) {
            assertEquals("h2", good.protocol());
            good.request(1, RawHttp2.END_STREAM, "GET", "/openapi.json");
            good.flush();
            assertEquals("200", good.readStatus());
        }
    }

    @Test
    void aFloodOfCancelledRequestsEndsTheConnection() throws IOException {
        try (RawHttp2 bad = caller()) {
            int stream = 1;
            try {
                for (int i = 0; i < 20 * Http2Connection.RESETS_MAX; i++) {
                    bad.request(stream, RawHttp2.END_STREAM, "GET", "/openapi.json");
                    bad.reset(stream);
                    stream += 2;
                }
                bad.flush();
            } catch (IOException e) {
                // It may be cut off while it still sends.
            }
            RawHttp2.Frame end = bad.readUntil(RawHttp2.GOAWAY);
            assertTrue(
                    end == RawHttp2.Frame.END || end.error() == RawHttp2.ENHANCE_YOUR_CALM,
                    () -> "error " + end.error());
            assertEquals(RawHttp2.Frame.END, bad.readUntil(RawHttp2.Frame.END.type()));
        }
        assertStillServing();
    }

    @Test
    void oneStreamTooManyIsRefusedAndTheOthersGoOn() throws IOException {
        try (RawHttp2 caller = caller()) {
            for (int i = 0; i <= Http2Connection.STREAMS_MAX; i++) {
                caller.request(2 * i + 1, 0, "POST", WAITS_FOR_ITS_BODY);
            }
            caller.flush();
            RawHttp2.Frame refused = caller.readUntil(RawHttp2.RST_STREAM);
            assertEquals(2 * Http2Connection.STREAMS_MAX + 1, refused.stream());
            assertEquals(RawHttp2.REFUSED_STREAM, refused.error());
            caller.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, "grant_type=x".getBytes());
            caller.flush();
            assertEquals("400", caller.readStatus());
        }
    }

    @Test
    void aHeaderThatIsTooLongIsRefusedAndTheConnectionGoesOn() throws IOException {
        try (RawHttp2 caller = caller()) {
            caller.request(1, RawHttp2.END_STREAM, "GET", "/openapi.json", "x", "y".repeat(HeadEnd.HEADER_BYTES_MAX));
            caller.flush();
            assertEquals("413", caller.readStatus());
            caller.request(3, RawHttp2.END_STREAM, "GET", "/" + "a".repeat(HeadEnd.LINE_BYTES_MAX));
            caller.flush();
            assertEquals("413", caller.readStatus());
            caller.request(5, RawHttp2.END_STREAM, "GET", "/openapi.json", "x", "y".repeat(Http2Heads.BYTES_MAX));
            caller.flush();
            assertEquals("431", caller.readStatus());
            caller.request(7, RawHttp2.END_STREAM, "GET", "/" + "a".repeat(HeadEnd.LINE_BYTES_MAX - 1));
            caller.flush();
            assertEquals("404", caller.readStatus());
            caller.request(9, RawHttp2.END_STREAM, "GET", "/openapi.json");
            caller.flush();
            assertEquals("200", caller.readStatus());
        }
    }

    @Test
    void aHeaderInEndlessPiecesEndsTheConnection() throws IOException {
        try (RawHttp2 bad = caller()) {
            bad.send(RawHttp2.HEADERS, 0, 1, new byte[] {0});
            try {
                for (int i = 0; i < 1_000; i++) {
                    bad.send(RawHttp2.CONTINUATION, 0, 1, new byte[0]);
                }
                bad.flush();
            } catch (IOException e) {
                // It may be cut off while it still sends.
            }
            assertEquals(RawHttp2.Frame.END, bad.readUntil(RawHttp2.Frame.END.type()));
        }
        assertStillServing();
    }

    @Test
    void pingsWhoseAnswersNobodyReadsEndTheConnection() throws IOException {
        try (RawHttp2 bad = caller()) {
            boolean cut = false;
            // Closing TLS gives up after 3 s on a caller who takes nothing; what he sends meanwhile is read and
            // dropped.
            long end = System.nanoTime() + CUT_MAX.toNanos();
            while (!cut && System.nanoTime() < end) {
                try {
                    bad.send(RawHttp2.PING, 0, 0, new byte[8]);
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertTrue(cut, "it may go on for ever");
        }
        assertStillServing();
    }

    private void appendMegabytes(int count) {
        for (int i = 0; i < count; i++) {
            EventData data = EventData.json(('"' + "x".repeat(1_000_000) + '"').getBytes(StandardCharsets.US_ASCII));
            Event event = Event.of(AggregateId.parse("canvas/one"), "drawn", data);
            log.append(AppendRequest.of("acme", new ClientId("ana"), new UUID(1, i), event))
                    .toCompletableFuture()
                    .join();
        }
    }

    @Test
    void aStreamThatTakesNothingIsEndedAfterTheTimeThatIsSetAndTheConnectionGoesOn() throws IOException {
        gateway.close();
        start(SlowCallersTest.limits(10, 2, 1L << 30));
        appendMegabytes(1);
        try (RawHttp2 caller = caller()) {
            caller.closeWindows();
            caller.request(
                    1,
                    RawHttp2.END_STREAM,
                    "GET",
                    "/v1/acme/events",
                    "authorization",
                    "Bearer " + key,
                    "accept",
                    "text/event-stream");
            caller.flush();
            assertEquals("200", caller.readStatus());
            RawHttp2.Frame end = caller.readUntil(RawHttp2.RST_STREAM);
            assertEquals(1, end.stream());
            caller.request(3, RawHttp2.END_STREAM, "GET", "/v1/acme/nowhere/x");
            caller.flush();
            assertEquals("401", caller.readStatus());
        }
    }

    @Test
    void whoReadsNothingIsKeptFewAnswers() throws IOException {
        appendMegabytes(3);
        try (RawHttp2 caller = caller()) {
            caller.closeWindows();
            for (int i = 0; i < PAGES; i++) {
                caller.request(
                        2 * i + 1, RawHttp2.END_STREAM, "GET", "/v1/acme/events", "authorization", "Bearer " + key);
            }
            caller.flush();
            assertEquals(
                    RawHttp2.ENHANCE_YOUR_CALM,
                    caller.readUntil(RawHttp2.RST_STREAM).error());
        }
        assertStillServing();
    }

    @Test
    void whatIsNoRequestIsRefusedAsInHttp1() throws IOException {
        try (RawHttp2 caller = caller()) {
            caller.request(1, RawHttp2.END_STREAM, "GET", "no-path");
            caller.request(3, RawHttp2.END_STREAM, "GET", "/v1/a b");
            caller.request(5, RawHttp2.END_STREAM, "GET", "/openapi.json", "host", "elsewhere.example");
            caller.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 7, WITHOUT_A_SCHEME);
            caller.flush();
            assertEquals("400", caller.readStatus());
            assertEquals("400", caller.readStatus());
            assertEquals("400", caller.readStatus());
            assertEquals("400", caller.readStatus());
        }
    }

    @Test
    void anAnswerDoesNotWaitForTheRestOfTheBody() throws IOException {
        try (RawHttp2 caller = caller()) {
            caller.request(1, 0, "POST", "/v1/acme/appends");
            caller.flush();
            assertEquals("401", caller.readStatus());
            RawHttp2.Frame end = caller.readUntil(RawHttp2.RST_STREAM);
            assertEquals(0, end.error(), "the caller need not send the rest");
        }
    }
}
