package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.http.TrafficLimits;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.wire.DeviceKey;
import celeriant.wire.JwsAlgorithm;
import celeriant.wire.SignatureProvider;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One caller that takes too much is told so, and another one is served. */
@Timeout(240)
class TrafficTest {
    private static final TrafficLimits USUAL = TrafficLimits.DEFAULT;
    private static final String ME = "/v1/acme/me";

    private final InMemoryEventLog log = new InMemoryEventLog();
    private InstantSource clock = InstantSource.system();
    private Gateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private void start(int requestsMax, int burst, int streamsMax, int badProofs) {
        start(requestsMax, burst, streamsMax, badProofs, SignatureProvider.jdk());
    }

    private void start(int requestsMax, int burst, int streamsMax, int badProofs, SignatureProvider signatures) {
        TrafficLimits limits = new TrafficLimits(
                USUAL.connectionsMax(),
                USUAL.connectionsPerAddressMax(),
                USUAL.headSeconds(),
                USUAL.bodyBytesPerSecondMin(),
                USUAL.readerSeconds(),
                USUAL.unsentBytesMax(),
                requestsMax,
                1,
                burst,
                streamsMax,
                badProofs);
        gateway = Gateway.builder(log)
                .signatures(signatures)
                .clock(clock)
                .config(GatewayConfig.loopback(0).withTraffic(limits))
                .start();
    }

    /** So that a slow machine is not one that waits longer. */
    private void standStill() {
        clock = InstantSource.fixed(Instant.now());
    }

    /** The JDK's, and how often it was asked to verify. */
    private record CountingSignatures(AtomicInteger verified) implements SignatureProvider {
        @Override
        public boolean verify(JwsAlgorithm algorithm, PublicKey key, byte[] message, byte[] signature)
                throws GeneralSecurityException {
            verified.incrementAndGet();
            return SignatureProvider.jdk().verify(algorithm, key, message, signature);
        }

        @Override
        public byte[] sign(JwsAlgorithm algorithm, PrivateKey key, byte[] message) throws GeneralSecurityException {
            return SignatureProvider.jdk().sign(algorithm, key, message);
        }
    }

    private static void assertTooMany(Reply reply) {
        assertEquals(429, reply.status(), reply::toString);
        assertEquals("too-many-requests", reply.code());
        assertEquals("1", reply.header("Retry-After"));
        assertEquals("nothing", reply.json().get("done").asString());
    }

    @Test
    void aDeviceThatAsksTooOftenIsToldToWait() {
        standStill();
        start(1_000, 3, 100, 1_000);
        TestDevice eager = new TestDevice(gateway.url());
        for (int i = 0; i < 3; i++) {
            assertEquals(200, eager.get(ME).status());
        }
        assertTooMany(eager.get(ME));
        assertEquals(200, new TestDevice(gateway.url()).get(ME).status());
    }

    @Test
    void aDeviceHasSoManyStreams() {
        start(1_000, 1_000, 2, 1_000);
        TestDevice device = new TestDevice(gateway.url());
        SseReader first = new SseReader(device.open("/v1/acme/events", "Accept", "text/event-stream"));
        SseReader second = new SseReader(device.open("/v1/acme/events", "Accept", "text/event-stream"));
        assertEquals("caught-up", first.next().event());
        assertEquals("caught-up", second.next().event());
        assertTooMany(device.get("/v1/acme/events", "Accept", "text/event-stream"));
        assertTooMany(device.get("/v1/acme/events?live=poll&wait=0"));
        first.close();
        assertEquals(
                200, onceThereIsRoom(device, "/v1/acme/events?live=poll&wait=0").status());
        second.close();
    }

    private static Reply onceThereIsRoom(TestDevice device, String path) {
        Reply reply = device.get(path);
        while (reply.status() == 429) {
            reply = device.get(path);
        }
        return reply;
    }

    @Test
    void soManyRequestsOfOneClientAreWorkedOnAtOnce() {
        start(1, 100_000, 100, 1_000);
        DeviceKey key = DeviceKey.generate(new SecureRandom());
        TestDevice device = new TestDevice(gateway.url(), key);
        assertEquals(200, device.get(ME).status());
        CompletableFuture<Reply> waiting =
                CompletableFuture.supplyAsync(() -> onceThereIsRoom(device, "/v1/acme/events?live=poll&wait=5"));
        TestDevice same = new TestDevice(gateway.url(), key);
        Reply reply = same.get(ME);
        while (reply.status() == 200 && !waiting.isDone()) {
            reply = same.get(ME);
        }
        assertTooMany(reply);
        assertEquals(200, waiting.join().status());
        assertEquals(200, same.get(ME).status());
    }

    @Test
    void aFloodOfProofsThatDoNotVerifyIsNotLookedAtForLong() {
        AtomicInteger verified = new AtomicInteger();
        standStill();
        start(1_000, 1_000, 100, 5, new CountingSignatures(verified));
        TestDevice device = new TestDevice(gateway.url());
        assertEquals(200, device.get(ME).status());
        int before = verified.get();
        for (int i = 0; i < 5; i++) {
            assertEquals(401, device.get(ME, "DPoP", broken(device)).status());
        }
        long since = System.nanoTime();
        assertTooMany(device.get(ME, "DPoP", broken(device)));
        assertTrue(System.nanoTime() - since >= 1_000_000_000L, "a flood is not answered at once");
        assertEquals(before + 5, verified.get());
        assertTooMany(device.get(ME));
        assertEquals(200, new TestDevice(gateway.url()).get(ME).status());
    }

    @Test
    void whoHasATokenDoesNotSufferFromOthersAtItsAddress() {
        standStill();
        start(1_000, 1_000, 100, 3);
        TestDevice device = new TestDevice(gateway.url());
        assertEquals(200, device.get(ME).status());
        TestDevice flooding = new TestDevice(gateway.url());
        flooding.token();
        for (int i = 0; i < 3; i++) {
            assertEquals(400, token(flooding).status());
        }
        assertTooMany(token(flooding));
        assertEquals(200, device.get(ME).status());
    }

    /** Asks for a token with a proof that does not verify. */
    private Reply token(TestDevice device) {
        return device.send(HttpRequest.newBuilder(URI.create(gateway.url() + "/oauth/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("DPoP", broken(device.proof("POST", "/oauth/token", null)))
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                .build());
    }

    private static String broken(TestDevice device) {
        return broken(device.proof("GET", ME, device.token()));
    }

    private static String broken(String proof) {
        int at = proof.length() - 5;
        return proof.substring(0, at) + (proof.charAt(at) == 'A' ? 'B' : 'A') + proof.substring(at + 1);
    }
}
