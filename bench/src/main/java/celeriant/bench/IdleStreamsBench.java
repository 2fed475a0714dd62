package celeriant.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Readers that wait: what each takes of the server's memory, and how soon all of them are back and have what they
 * missed after the server was killed and started again. The readers are this process, the server another one.
 * Arguments: a folder, and how many (10,000).
 */
public final class IdleStreamsBench {
    private static final Duration WAIT_MAX = Duration.ofSeconds(90);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final long INTERVAL_MILLIS = 100;
    private static final int FIRST_EVENTS = 20;

    /** Come and go first, so that what the server takes once is not counted as theirs. */
    private static final int FEW = 2_000;

    private final CeleriantPeer peer;
    private volatile boolean stopped;
    private volatile long acknowledged;

    private IdleStreamsBench(CeleriantPeer peer) {
        this.peer = peer;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        try (CeleriantPeer peer = new CeleriantPeer(folder, List.of("-Xmx1g"))) {
            new IdleStreamsBench(peer).run(count);
        }
    }

    private void run(int count) throws IOException, InterruptedException {
        for (int i = 0; i < FIRST_EVENTS; i++) {
            appendNext();
        }
        try (ResumingReaders few = readers(FEW)) {
            await(() -> few.hadCount(acknowledged) == FEW);
        }
        ServerMemory before = ServerMemory.of(peer.process());
        try (ResumingReaders readers = readers(count)) {
            await(() -> readers.hadCount(acknowledged) == count);
            TimeUnit.SECONDS.sleep(20);
            ServerMemory after = ServerMemory.of(peer.process());
            System.out.printf(
                    "%,d idle streams: %.1f KiB resident each, of which live objects %.1f KiB%n",
                    count,
                    (double) (after.residentKib() - before.residentKib()) / count,
                    (double) (after.heapKib() - before.heapKib()) / count);
            killed(readers, count);
        }
    }

    private void killed(ResumingReaders readers, int count) throws IOException, InterruptedException {
        Thread appender = Thread.ofPlatform().start(this::appendUntilStopped);
        TimeUnit.SECONDS.sleep(3);
        long killedAt = System.nanoTime();
        peer.process().kill();
        peer.restart();
        double down = seconds(killedAt);
        long first = acknowledged + 1;
        await(() -> acknowledged >= first && readers.hadCount(first) == count);
        double back = seconds(killedAt);
        TimeUnit.SECONDS.sleep(5);
        stopped = true;
        appender.join();
        await(() -> readers.hadCount(acknowledged) == count);
        System.out.printf(
                "killed: listening again after %.1f s, all %,d readers caught up after %.1f s; %,d events, %d faults,"
                        + " %,d times told to come later%n",
                down, count, back, acknowledged, readers.faults(), readers.refused());
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private ResumingReaders readers(int count) throws IOException {
        return new ResumingReaders(peer.port(), count, peer::followAfter);
    }

    private void appendUntilStopped() {
        try {
            while (!stopped) {
                appendNext();
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends the same again until it is acknowledged. */
    private void appendNext() throws InterruptedException {
        long number = acknowledged + 1;
        ByteBuffer request = peer.numbered(number);
        while (acknowledged < number && !stopped) {
            try (SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", peer.port()))) {
                ByteBuffer whole = request.duplicate().clear();
                while (whole.hasRemaining()) {
                    channel.write(whole);
                }
                Answers.take(channel, new HttpExchange(1, any -> request));
                acknowledged = number;
            } catch (IOException | IllegalStateException e) {
                TimeUnit.MILLISECONDS.sleep(RETRY.toMillis());
            }
        }
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + WAIT_MAX.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + WAIT_MAX);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
