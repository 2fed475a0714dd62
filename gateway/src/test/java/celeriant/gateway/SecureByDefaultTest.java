package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.operator.Operator;
import celeriant.gateway.operator.OperatorFile;
import celeriant.gateway.tls.TlsConfig;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.wire.DeviceKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway wants to be told before others than this machine reach it, and what they may do then. */
@Timeout(240)
class SecureByDefaultTest {
    private static final String PUBLIC = "https://log.example";
    private static final String NEEDS_TLS = ": give the gateway a certificate (tls), or put a proxy that speaks TLS in"
            + " front of it and say behindProxy";
    private static final GatewayConfig LOOPBACK = GatewayConfig.loopback(0);

    @TempDir
    private Path folder;

    @Test
    void aHostThatIsNotLoopbackNeedsTls() {
        assertRefused("host 0.0.0.0 is not loopback" + NEEDS_TLS, () -> config("0.0.0.0", List.of(PUBLIC), false));
    }

    @Test
    void aPublicUrlNeedsTlsOnLoopbackToo() {
        assertRefused(
                "publicUrls https://log.example is not loopback" + NEEDS_TLS,
                () -> config("127.0.0.1", List.of(PUBLIC), false));
    }

    @Test
    void behindAProxyThePublicUrlIsNeeded() {
        assertRefused(
                "publicUrls is empty: name the URL under which callers reach the gateway",
                () -> LOOPBACK.withProxy("0.0.0.0", List.of()));
        for (String wrong : List.of("http://log.example", "https://localhost", "http://127.0.0.1:8787")) {
            assertRefused(
                    "publicUrls begins with " + wrong + ": the first is the public one, https://host[:port][/path]",
                    () -> LOOPBACK.withProxy("0.0.0.0", List.of(wrong, PUBLIC)));
        }
        assertTrue(LOOPBACK.withProxy("0.0.0.0", List.of(PUBLIC, "http://log:8787"))
                .isPublic());
    }

    @Test
    void withACertificateThePublicUrlIsNeeded() {
        TlsConfig tls = TlsConfig.pem(Path.of("chain.pem"), Path.of("key.pem"));
        assertRefused(
                "publicUrls is empty: name the URL under which callers reach the gateway",
                () -> LOOPBACK.withTls("0.0.0.0", List.of(), tls));
        assertTrue(LOOPBACK.withTls("0.0.0.0", List.of(PUBLIC), tls).isPublic());
        assertFalse(LOOPBACK.withTls("127.0.0.1", List.of(), tls).isPublic());
    }

    @Test
    void onLoopbackNothingIsNeeded() {
        assertFalse(LOOPBACK.isPublic());
        assertFalse(config("127.0.0.1", List.of("http://localhost:9000"), false).isPublic());
    }

    @Test
    void aGatewayThatIsReachedByOthersTakesNoOrgsThatAnybodyMakes() {
        try (InMemoryEventLog log = new InMemoryEventLog()) {
            Gateway.Builder builder = Gateway.builder(log).config(LOOPBACK.withProxy("127.0.0.1", List.of(PUBLIC)));
            assertThrows(IllegalStateException.class, builder::start);
        }
    }

    @Test
    void aStrangerGetsNothingUntilTheOperatorSaysSo() {
        Operator operator = new Operator(new OperatorFile(folder), Optional.empty());
        GatewayConfig config = LOOPBACK.withProxy("127.0.0.1", List.of(PUBLIC));
        try (InMemoryEventLog log = new InMemoryEventLog(Gateway.admission(operator));
                Gateway gateway =
                        Gateway.builder(log).config(config).operator(operator).start()) {
            assertEquals(PUBLIC, gateway.url());
            String url = "http://127.0.0.1:" + gateway.port();
            assertEquals(404, create(stranger(url)).status());
            new OperatorFile(folder).putOrg("acme", false);
            operator.reload();
            assertEquals(403, create(stranger(url)).status());
            new OperatorFile(folder).putOrg("acme", true);
            operator.reload();
            assertEquals(201, create(stranger(url)).status());
            assertEquals(
                    401,
                    new TestDevice(url).get("/v1/acme/canvas/board").status(),
                    "a proof for another URL than the public one");
        }
    }

    private static TestDevice stranger(String url) {
        return new TestDevice(url, PUBLIC, DeviceKey.generate(new SecureRandom()));
    }

    private static Reply create(TestDevice device) {
        return device.append("/v1/acme/canvas/board", 1, "{\"type\":\"drawn\",\"data\":1}");
    }

    private static GatewayConfig config(String host, List<String> publicUrls, boolean behindProxy) {
        return new GatewayConfig(
                host,
                0,
                publicUrls,
                behindProxy,
                LOOPBACK.tls(),
                LOOPBACK.corsOrigins(),
                LOOPBACK.eventLoops(),
                LOOPBACK.readThreads(),
                LOOPBACK.readsWaitingMax(),
                LOOPBACK.proofThreads(),
                LOOPBACK.proofsWaitingMax(),
                LOOPBACK.recentBytesMax(),
                LOOPBACK.adminHost(),
                LOOPBACK.adminPort(),
                LOOPBACK.limits(),
                LOOPBACK.traffic());
    }

    private static void assertRefused(String message, Runnable work) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, work::run).getMessage());
    }
}
