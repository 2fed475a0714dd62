package celeriant.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Fan-out over Server-Sent Events, side by side: readers of one aggregate, some appends a second, how long each takes
 * to reach each reader, and what it costs the server. Readers and sender share the cores with it. Beside them a bare
 * writer shows what the machine itself takes.
 *
 * <p>Arguments: {@code <folder> [rounds [seconds [jvm flags of this server…]]]}. With {@code -Dcases=TEXT} only the
 * cases that contain the text; with {@code -Dthreads=true} the servers' CPU time by thread; with
 * {@code -Dbeside=CLASSPATH} one more server of this kind, from other classes; with {@code -Dwithout=TEXT} no peer
 * whose name contains the text.
 */
public final class SubscribeBench {
    private static final Duration WARMUP = Duration.ofSeconds(3);
    private static final Duration COMPILING = Duration.ofSeconds(15);
    private static final int ANSWER_BYTES_MAX = 1 << 16;

    /** Before anything is measured: by then this server's compiler is nearly done, with appends and with deliveries. */
    private static final List<Case> COMPILED = List.of(new Case(10, 1_000), new Case(1_000, 100), new Case(5_000, 20));

    private record Case(int readers, int appendsPerSecond) {
        String label() {
            return readers + " readers, " + appendsPerSecond + " appends/s";
        }
    }

    private SubscribeBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Duration measured = Duration.ofSeconds(arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10);
        List<String> jvmFlags =
                arguments.length > 3 ? Arrays.asList(arguments).subList(3, arguments.length) : List.of();
        List<StreamPeer> peers = new ArrayList<>();
        try {
            start(peers, folder, jvmFlags);
            for (StreamPeer peer : peers) {
                for (Case one : COMPILED) {
                    measure(one, peer, peer instanceof CeleriantPeer ? COMPILING : Duration.ofSeconds(1), false);
                }
            }
            for (Case one : wanted(new Case(1_000, 10), new Case(5_000, 10), new Case(5_000, 40))) {
                System.out.printf(
                        "%n### %s%n%n| | deliveries | p50 ms | p99 ms | server CPU µs/delivery | server MiB |%n"
                                + "|---|---|---|---|---|---|%n",
                        one.label());
                for (int round = 0; round < rounds; round++) {
                    // Who comes next finds what the one before left of the machine, so they take turns.
                    for (StreamPeer peer : round % 2 == 0 ? peers : peers.reversed()) {
                        measure(one, peer, measured, true);
                    }
                }
            }
        } finally {
            AppendPeer.closeAll(List.copyOf(peers));
        }
    }

    private static void start(List<StreamPeer> peers, Path folder, List<String> jvmFlags)
            throws IOException, InterruptedException {
        WantedPeers.start(folder, jvmFlags, peers::add);
        if (WantedPeers.isWanted("bare writer")) {
            peers.add(new BareWriterPeer(Files.createDirectories(folder.resolve("bare"))));
        }
    }

    private static List<Case> wanted(Case... cases) {
        return Stream.of(cases)
                .filter(each -> each.label().contains(System.getProperty("cases", "")))
                .toList();
    }

    private static void measure(Case one, StreamPeer peer, Duration measured, boolean counts)
            throws IOException, InterruptedException {
        try (SseReaders readers = new SseReaders();
                SocketChannel sender = SocketChannel.open(new InetSocketAddress("127.0.0.1", peer.port()))) {
            send(sender, peer);
            readers.connect(peer.port(), one.readers(), peer.followRequest());
            readers.start();
            readers.awaitOpen();
            sendFor(one.appendsPerSecond(), sender, peer, WARMUP);
            TimeUnit.MILLISECONDS.sleep(500);
            if (counts && Boolean.getBoolean("threads")) {
                sayIdle(peer, measured);
            }
            readers.reset();
            long cpuBefore = peer.process().cpuMicros();
            Map<String, Long> threadsBefore = peer.process().cpuMicrosByThread();
            long sent = sendFor(one.appendsPerSecond(), sender, peer, measured);
            TimeUnit.MILLISECONDS.sleep(1_000);
            long cpu = peer.process().cpuMicros() - cpuBefore;
            long expected = sent * one.readers();
            if (!counts) {
                return;
            }
            System.out.printf(
                    "| %s | %,d of %,d | %.1f | %.1f | %.2f | %.0f |%n",
                    peer.name(),
                    readers.deliveries(),
                    expected,
                    readers.latencies().millisAt(50),
                    readers.latencies().millisAt(99),
                    (double) cpu / Math.max(1, readers.deliveries()),
                    peer.process().residentKib() / 1024.0);
            if (Boolean.getBoolean("threads")) {
                System.out.println(peer.name() + ", µs/delivery by thread: "
                        + peer.process().cpuSince(threadsBefore, expected));
            }
        }
    }

    private static void sayIdle(StreamPeer peer, Duration time) throws InterruptedException {
        Map<String, Long> before = peer.process().cpuMicrosByThread();
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
        System.out.println(peer.name() + ", ms a second by thread without appends: "
                + peer.process().cpuSince(before, time.toMillis()));
    }

    /** Sends so many a second, each after the answer to the last; returns how many. */
    static long sendFor(int perSecond, SocketChannel sender, StreamPeer peer, Duration time)
            throws IOException, InterruptedException {
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long next = System.nanoTime();
        long end = next + time.toNanos();
        long sent = 0;
        while (next < end) {
            long wait = next - System.nanoTime();
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
            send(sender, peer);
            sent++;
            next += interval;
        }
        return sent;
    }

    static void send(SocketChannel sender, StreamPeer peer) throws IOException {
        String padding = "x".repeat(AppendPeer.EVENT_BYTES - 40);
        ByteBuffer request = peer.appendRequest("{\"t\":" + System.nanoTime() + ",\"x\":\"" + padding + "\"}");
        while (request.hasRemaining()) {
            sender.write(request);
        }
        HttpExchange answer = new HttpExchange(1, number -> request);
        ByteBuffer received = ByteBuffer.allocate(ANSWER_BYTES_MAX);
        boolean whole = false;
        while (!whole) {
            if (sender.read(received) < 0) {
                throw new IOException("the server closed the sender's connection");
            }
            received.flip();
            whole = answer.takeAnswer(received);
            received.compact();
        }
    }
}
