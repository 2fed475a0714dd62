package celeriant.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * More than a machine can deliver, for a while: 5,000 readers, 400 appends a second for 10 s. What is late is sent
 * together, nothing is dropped, and it is over soon. Arguments: a folder.
 */
public final class BurstBench {
    private static final int READERS = 5_000;
    private static final int WARMUP_PER_SECOND = 40;
    private static final int USUAL_PER_SECOND = 10;
    private static final int BURST_PER_SECOND = 400;
    private static final Duration USUAL = Duration.ofSeconds(6);
    private static final Duration BURST = Duration.ofSeconds(10);
    private static final Duration OVER_MAX = Duration.ofSeconds(60);

    private BurstBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        try (CeleriantPeer peer = new CeleriantPeer(folder, List.of("-Xmx1g"));
                SseReaders readers = new SseReaders();
                SocketChannel sender = SocketChannel.open(new InetSocketAddress("127.0.0.1", peer.port()))) {
            SubscribeBench.send(sender, peer);
            readers.connect(peer.port(), READERS, peer.followRequest());
            readers.start();
            readers.awaitOpen();
            System.out.println("| | appends/s | deliveries | p50 ms | p99 ms | server MiB |");
            System.out.println("|---|---|---|---|---|---|");
            phase("the compiler's", WARMUP_PER_SECOND, USUAL, peer, readers, sender);
            phase("before", USUAL_PER_SECOND, USUAL, peer, readers, sender);
            phase("the burst", BURST_PER_SECOND, BURST, peer, readers, sender);
            phase("after it", USUAL_PER_SECOND, USUAL, peer, readers, sender);
        }
    }

    private static void phase(
            String name, int perSecond, Duration time, CeleriantPeer peer, SseReaders readers, SocketChannel sender)
            throws IOException, InterruptedException {
        readers.reset();
        long sent = SubscribeBench.sendFor(perSecond, sender, peer, time);
        long ended = System.nanoTime();
        while (readers.deliveries() < sent * READERS && System.nanoTime() - ended < OVER_MAX.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        System.out.printf(
                "| %s, everything delivered %.1f s after its end | %.0f | %,d of %,d | %.1f | %.1f | %,d |%n",
                name,
                (System.nanoTime() - ended) / 1e9,
                (double) sent / time.toSeconds(),
                readers.deliveries(),
                sent * READERS,
                readers.latencies().millisAt(50),
                readers.latencies().millisAt(99),
                peer.process().residentKib() / 1_024);
    }
}
