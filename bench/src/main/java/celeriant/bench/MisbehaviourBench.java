package celeriant.bench;

import celeriant.wire.DeviceKey;
import celeriant.wire.DpopProof;
import celeriant.wire.SignatureProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * How those who behave fare beside those who do not: 16 connections append, alone and beside streams that nobody reads,
 * heads that never end, and proofs that do not verify. Arguments: a folder, and how many misbehave (10,000).
 */
public final class MisbehaviourBench {
    private static final int GOOD_CONNECTIONS = 16;
    private static final Duration WARMUP = Duration.ofSeconds(8);
    private static final Duration MEASURED = Duration.ofSeconds(10);

    /** Long enough for unread streams to be found out and closed. */
    private static final Duration MEASURED_UNTIL_CLOSED = Duration.ofSeconds(30);

    private static final int SMALL_BUFFER_BYTES = 4_096;
    private static final int FLOOD_CONNECTIONS = 16;
    private static final int ANSWER_BYTES = 1 << 16;
    private static final long ISSUED_AT = 1_700_000_000;

    /** Who misbehaves, until it is closed. */
    private interface Misbehaviour extends AutoCloseable {
        @Override
        void close();
    }

    private MisbehaviourBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        try (CeleriantPeer peer = new CeleriantPeer(folder, List.of("-Xmx1g"))) {
            measure(peer, Duration.ofSeconds(15), MEASURED);
            System.out.println("| beside | appends/s | p50 ms | p99 ms | server resident MiB |");
            System.out.println("|---|---|---|---|---|");
            report("nobody", peer, () -> {});
            report(
                    count + " streams that are not read",
                    peer,
                    idle(peer, count, peer.followRequest()),
                    MEASURED_UNTIL_CLOSED);
            report("nobody", peer, () -> {});
            report(
                    count + " heads that do not end",
                    peer,
                    idle(peer, count, RequestBytes.ascii("GET / HTTP/1.1\r\nHost: a\r\nX: y")));
            report("nobody", peer, () -> {});
            report("proofs that do not verify, 16 connections", peer, flood(peer, brokenTokenRequest(peer.port())));
            report("nobody", peer, () -> {});
            report(
                    "for comparison: 16 connections that ask for a page",
                    peer,
                    flood(peer, RequestBytes.get("/problems", "")));
        }
    }

    private static void report(String beside, CeleriantPeer peer, Misbehaviour misbehaviour) {
        report(beside, peer, misbehaviour, MEASURED);
    }

    private static void report(String beside, CeleriantPeer peer, Misbehaviour misbehaviour, Duration measured) {
        try (misbehaviour) {
            ClosedLoop.Result result = measure(peer, WARMUP, measured);
            System.out.printf(
                    "| %s | %,.0f | %.2f | %.2f | %,d |%n",
                    beside,
                    result.eventsPerSecond(),
                    result.latencies().millisAt(50),
                    result.latencies().millisAt(99),
                    peer.process().residentKib() / 1_024);
        }
    }

    private static ClosedLoop.Result measure(CeleriantPeer peer, Duration warmup, Duration measured) {
        return ClosedLoop.run(
                peer.port(), GOOD_CONNECTIONS, peer.exchanges(new AppendPeer.Load(64, 1)), warmup, measured);
    }

    /** Connections that send {@code request} and then neither send nor read. */
    private static Misbehaviour idle(CeleriantPeer peer, int count, ByteBuffer request) throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER_BYTES);
            channel.connect(new InetSocketAddress("127.0.0.1", peer.port()));
            ByteBuffer own = request.duplicate().clear();
            while (own.hasRemaining()) {
                channel.write(own);
            }
            channels.add(channel);
        }
        return () -> channels.forEach(MisbehaviourBench::closeQuietly);
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The server has closed it already.
        }
    }

    /** A proof with the server's nonce, whose signature has to be looked at to know that it is none. */
    private static ByteBuffer brokenTokenRequest(int port) throws IOException, InterruptedException {
        String form = "grant_type=client_credentials";
        String lines = "DPoP: " + brokenProof(port) + "\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        return RequestBytes.post("/oauth/token", lines, form);
    }

    private static Misbehaviour flood(CeleriantPeer peer, ByteBuffer request) throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < FLOOD_CONNECTIONS; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", peer.port()));
            channels.add(channel);
            Thread.ofPlatform().daemon().start(() -> flood(channel, request.duplicate()));
        }
        return () -> channels.forEach(MisbehaviourBench::closeQuietly);
    }

    /** Sends as fast as answers come, and looks at none. */
    private static void flood(SocketChannel channel, ByteBuffer request) {
        ByteBuffer answers = ByteBuffer.allocateDirect(ANSWER_BYTES);
        try {
            do {
                request.clear();
                while (request.hasRemaining()) {
                    channel.write(request);
                }
                answers.clear();
            } while (channel.read(answers) >= 0);
        } catch (IOException e) {
            // The run is over.
        }
    }

    private static String brokenProof(int port) throws IOException, InterruptedException {
        String url = "http://127.0.0.1:" + port + "/oauth/token";
        try (HttpClient client = HttpClient.newHttpClient()) {
            String nonce = client.send(
                            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("DPoP-Nonce")
                    .orElseThrow();
            String proof = new DpopProof(UUID.randomUUID(), "POST", url, ISSUED_AT, nonce, null)
                    .sign(DeviceKey.generate(new SecureRandom()), SignatureProvider.jdk());
            int at = proof.length() - 5;
            return proof.substring(0, at) + (proof.charAt(at) == 'A' ? 'B' : 'A') + proof.substring(at + 1);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
