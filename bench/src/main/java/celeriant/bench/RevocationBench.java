package celeriant.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How soon an open stream is told that its reader's right was taken away, while many others are open and the gateway
 * appends as fast as it can: devices with 100 streams each follow one aggregate, and lose their right one after the
 * other. Arguments: a folder, how many devices (50), and how many of them lose it (20).
 */
public final class RevocationBench {
    private static final String BOARD = "/v1/bench/stream/bench-63";
    private static final String FOLLOW = "/v1/bench/events?aggregate=stream/bench-63&after=0";
    private static final int STREAMS_PER_DEVICE = 100;
    private static final int LOAD_CONNECTIONS = 16;
    private static final int APPENDS_PER_SECOND = 10;
    private static final Duration WARMUP = Duration.ofSeconds(8);
    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final CeleriantPeer peer;
    private final ProvedDevices devices;
    private volatile boolean stopped;

    private RevocationBench(CeleriantPeer peer) {
        this.peer = peer;
        this.devices = new ProvedDevices(peer);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, GeneralSecurityException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
        int losing = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        try (CeleriantPeer peer = new CeleriantPeer(folder, List.of("-Xmx1g"))) {
            new RevocationBench(peer).run(count, losing);
        }
    }

    private void run(int count, int losing) throws IOException, InterruptedException, GeneralSecurityException {
        ProvedDevices.Device owner = devices.add();
        devices.send(
                owner,
                "POST",
                BOARD + "/events",
                "{\"type\":\"measured\",\"data\":1}",
                "Idempotency-Key",
                UUID.randomUUID().toString(),
                "Append-Sequence",
                "1");
        devices.send(owner, "PATCH", BOARD + "/access", "{\"public\":\"reader\"}");
        Thread following = Thread.ofPlatform().start(this::appendToBoard);
        Thread load = null;
        try (RevokedStreams streams = new RevokedStreams()) {
            List<ProvedDevices.Device> readers = open(streams, count);
            load = Thread.ofPlatform().start(this::load);
            TimeUnit.MILLISECONDS.sleep(WARMUP.toMillis());
            revoke(owner, readers.subList(0, losing), streams);
        } finally {
            stopped = true;
            following.join();
            if (load != null) {
                load.join();
            }
        }
    }

    private List<ProvedDevices.Device> open(RevokedStreams streams, int count)
            throws IOException, InterruptedException, GeneralSecurityException {
        List<ProvedDevices.Device> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ProvedDevices.Device device = devices.add();
            readers.add(device);
            for (int j = 0; j < STREAMS_PER_DEVICE; j++) {
                String proof = devices.lines(device, "GET", BOARD.replace("/stream/bench-63", "/events"));
                streams.open(peer.port(), RequestBytes.get(FOLLOW, "Accept: text/event-stream\r\n" + proof));
            }
            int opened = streams.all().size();
            await(() -> streams.all().subList(0, opened).stream().allMatch(RevokedStreams.Stream::isCaughtUp));
        }
        return readers;
    }

    private void revoke(ProvedDevices.Device owner, List<ProvedDevices.Device> losing, RevokedStreams streams)
            throws IOException, InterruptedException, GeneralSecurityException {
        Latencies told = new Latencies();
        long slowest = 0;
        long shownAfter = 0;
        for (int i = 0; i < losing.size(); i++) {
            List<RevokedStreams.Stream> own =
                    streams.all().subList(i * STREAMS_PER_DEVICE, (i + 1) * STREAMS_PER_DEVICE);
            long asked = System.nanoTime();
            devices.send(
                    owner,
                    "POST",
                    BOARD + "/revoke",
                    "{\"client\":\"" + losing.get(i).key().jwk().thumbprint() + "\"}");
            await(() -> own.stream().allMatch(stream -> stream.revokedAtNanos() != 0));
            TimeUnit.MILLISECONDS.sleep(BETWEEN.toMillis());
            for (RevokedStreams.Stream stream : own) {
                told.add(stream.revokedAtNanos() - asked);
                slowest = Math.max(slowest, stream.revokedAtNanos() - asked);
                shownAfter += stream.shownAfter();
            }
        }
        System.out.printf(
                "%,d streams open, %,d of them told: p50 %.0f ms, p99 %.0f ms, the slowest %.0f ms after it was asked"
                        + " for; %d events shown after that%n",
                streams.all().size(),
                losing.size() * STREAMS_PER_DEVICE,
                told.millisAt(50),
                told.millisAt(99),
                slowest / 1e6,
                shownAfter);
    }

    private void appendToBoard() {
        String event = "{\"type\":\"measured\",\"data\":" + AppendPeer.payload() + "}";
        try (SocketChannel sender = SocketChannel.open(new InetSocketAddress("127.0.0.1", peer.port()))) {
            while (!stopped) {
                ByteBuffer request = peer.post("/stream/bench-63/events", event);
                while (request.hasRemaining()) {
                    sender.write(request);
                }
                Answers.take(sender, new HttpExchange(1, any -> request));
                TimeUnit.MILLISECONDS.sleep(1_000 / APPENDS_PER_SECOND);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the aggregate that is followed takes nothing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Appends to other aggregates, one for each connection, as fast as the answers come. */
    private void load() {
        while (!stopped) {
            ClosedLoop.Result result = ClosedLoop.run(
                    peer.port(),
                    LOAD_CONNECTIONS,
                    peer.exchanges(new AppendPeer.Load(64, 1)),
                    Duration.ZERO,
                    Duration.ofSeconds(5));
            System.out.printf("beside: %,.0f appends/s%n", result.eventsPerSecond());
        }
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + WAIT_MAX.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + WAIT_MAX);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
