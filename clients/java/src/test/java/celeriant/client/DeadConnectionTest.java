package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.gateway.Http;
import celeriant.client.gateway.JdkHttp;
import celeriant.client.gateway.World;
import celeriant.gateway.GatewayConfig;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.tls.TlsConfig;
import celeriant.wire.SignatureProvider;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over HTTP/1.1 in the clear, and over HTTP/2 by TLS: one connection of the latter carries all requests. */
@DisplayName("Over a connection that died without a word")
@Timeout(240)
class DeadConnectionTest {
    private static final String PASSWORD = "of-a-test";
    private static final long ANSWER_MILLIS_MAX = 2_000;

    @TempDir
    private Path folder;

    private final SSLContext trust = trust();
    private FreezingForwarder network;
    private RunningGateway running;
    private Way way;

    @AfterEach
    void stop() {
        running.close();
        network.close();
        SSLContext.setDefault(trust);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"http", "https"})
    @DisplayName("what is appended reaches the log: it is sent again over another one")
    void appends(String scheme) throws Exception {
        Celeriant client = client(scheme, World.system());
        client.append(paint("1", "red")).awaitConfirmed();
        int before = network.count();
        network.freeze();
        client.append(paint("2", "blue")).awaitConfirmed();
        assertTrue(network.count() > before);
        assertEquals(2, running.recorded().size());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"http", "https"})
    @DisplayName("a stream that is silent is opened again over another one, and nothing is waited for on the dead one")
    void streams(String scheme) throws Exception {
        LaterWorld world = new LaterWorld();
        Celeriant client = client(scheme, world);
        AggregateView view = client.open(BOARD);
        client.append(paint("1", "red")).awaitConfirmed();
        client.awaitLive(SOON);
        until(() -> view.version() == 1);
        network.freeze();
        world.laterMillis = ClientLimits.STREAM_SILENCE_MILLIS;
        client.networkIsBack();
        until(() -> client.status().state() == SyncState.BACKING_OFF);
        assertEquals("the stream is silent", client.status().reason());
        until(() -> client.status().state() == SyncState.LIVE);
        AppendHandle handle = client.append(paint("2", "blue"));
        until(() -> view.version() == 2);
        handle.awaitConfirmed();
        assertEquals(0, way.polls.get(), "no stream was waited for in vain");
    }

    private Celeriant client(String scheme, World world) throws Exception {
        GatewayConfig config = GatewayConfig.loopback(0);
        GatewayConfig served = scheme.equals("http") ? config : config.withTls("127.0.0.1", List.of(), certificate());
        running = new RunningGateway(OrgPolicy.DEMO, of -> of.config(served));
        network = new FreezingForwarder(running.gateway.port());
        way = new Way(network.port());
        return running.client(of -> of.http(way).world(world));
    }

    private TlsConfig certificate() throws Exception {
        Path store = folder.resolve("gateway.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        (keytool + " -genkeypair -alias gateway -keyalg EC -groupname secp256r1 -dname CN=gateway"
                                        + " -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass " + PASSWORD
                                        + " -keystore " + store)
                                .split(" "))
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("gateway", made.getCertificate("gateway"));
        TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusts.getTrustManagers(), null);
        SSLContext.setDefault(context);
        return TlsConfig.pkcs12(store, Files.writeString(folder.resolve("password"), PASSWORD));
    }

    private static SSLContext trust() {
        try {
            return SSLContext.getDefault();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The real network by way of another port; answers are not waited for as long as in earnest. */
    private static final class Way implements Http {
        private final Http real = new JdkHttp();
        private final int port;
        private final AtomicInteger polls = new AtomicInteger();

        Way(int port) {
            this.port = port;
        }

        private Call by(Call call) {
            String query =
                    call.uri().getRawQuery() == null ? "" : "?" + call.uri().getRawQuery();
            if (query.contains("live=poll")) {
                polls.incrementAndGet();
            }
            URI uri = URI.create(
                    call.uri().getScheme() + "://127.0.0.1:" + port + call.uri().getRawPath() + query);
            long millis = Math.min(ANSWER_MILLIS_MAX, call.timeoutMillis());
            return new Call(call.method(), uri, call.headers(), call.body(), millis);
        }

        @Override
        public CompletionStage<Answer> send(Call call) {
            return real.send(by(call));
        }

        @Override
        public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
            return real.stream(by(call), receiver);
        }

        @Override
        public void leaveConnections() {
            real.leaveConnections();
        }
    }

    /** The device's own clock, and later than that. */
    private static final class LaterWorld implements World {
        private final World real = World.system();
        private volatile long laterMillis;

        @Override
        public long nowMillis() {
            return real.nowMillis() + laterMillis;
        }

        @Override
        public UUID newId() {
            return real.newId();
        }

        @Override
        public double random() {
            return real.random();
        }

        @Override
        public SignatureProvider signatures() {
            return real.signatures();
        }
    }
}
