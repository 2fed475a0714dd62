package celeriant.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Reading over HTTP: the whole merged log as NDJSON, as a client does that catches up, and how soon a page begins. One
 * reader, which shares the cores with the server and looks at nothing but the end.
 *
 * <p>Arguments: {@code <folder> [rounds [events [jvm flags of the server…]]]}.
 */
public final class ReadBench {
    private static final int EVENTS_PER_REQUEST = 1_000;
    private static final int DATA_BYTES = 100;
    private static final int PAGES = 4_000;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final byte[] END = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ReadBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        int events = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000_000;
        List<String> jvmFlags =
                arguments.length > 3 ? Arrays.asList(arguments).subList(3, arguments.length) : List.of();
        try (CeleriantPeer peer = new CeleriantPeer(folder, jvmFlags)) {
            fill(peer, events);
            System.out.printf("%n### %,d events, one reader%n%n", events);
            System.out.println("| | MB/s | events/s | server CPU ns/event |");
            System.out.println("|---|---|---|---|");
            for (int round = 0; round <= rounds; round++) {
                all(peer, events, round);
            }
            pages(peer, events);
        }
    }

    private static void fill(CeleriantPeer peer, int events) throws IOException {
        String event = "{\"type\":\"measured\",\"data\":\"" + "x".repeat(DATA_BYTES - 2) + "\"}";
        String body = "[" + String.join(",", Collections.nCopies(EVENTS_PER_REQUEST, event)) + "]";
        try (SocketChannel channel = connect(peer)) {
            for (int i = 0; i < events / EVENTS_PER_REQUEST; i++) {
                ByteBuffer request = peer.post("/stream/bench-" + i % 64 + "/events", body);
                write(channel, request);
                Answers.take(channel, new HttpExchange(1, number -> request));
            }
        }
    }

    /** The first round is the compiler's: it is not shown. */
    private static void all(CeleriantPeer peer, int events, int round) throws IOException {
        ByteBuffer received = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long cpuBefore = peer.process().cpuMicros();
        long begin = System.nanoTime();
        long bytes = 0;
        try (SocketChannel channel = connect(peer)) {
            write(channel, peer.get("/events?after=0", "application/x-ndjson"));
            byte[] tail = new byte[END.length];
            while (!Arrays.equals(tail, END)) {
                received.clear();
                int count = channel.read(received);
                if (count < 0) {
                    throw new IOException("the answer was cut");
                }
                bytes += count;
                keepTail(received, count, tail);
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuNanos = (peer.process().cpuMicros() - cpuBefore) * 1e3 / events;
        if (round > 0) {
            System.out.printf(
                    "| round %d | %,.0f | %,.0f | %,.0f |%n", round, bytes / seconds / 1e6, events / seconds, cpuNanos);
        }
    }

    private static void keepTail(ByteBuffer received, int count, byte[] tail) {
        int kept = Math.min(count, tail.length);
        System.arraycopy(tail, kept, tail, 0, tail.length - kept);
        received.get(count - kept, tail, tail.length - kept, kept);
    }

    private static void pages(CeleriantPeer peer, int events) throws IOException {
        Latencies first = new Latencies();
        try (SocketChannel channel = connect(peer)) {
            for (int i = 0; i < PAGES; i++) {
                long after = (long) i * 7_919 % (events - 100);
                ByteBuffer request = peer.get("/events?limit=100&after=" + after, "application/json");
                long begin = System.nanoTime();
                write(channel, request);
                long firstByte = Answers.take(channel, new HttpExchange(1, number -> request));
                if (i >= PAGES / 2) {
                    first.add(firstByte - begin);
                }
            }
        }
        System.out.printf(
                "%nfirst byte of a page of 100 events: p50 %.2f ms, p99 %.2f ms%n",
                first.millisAt(50), first.millisAt(99));
    }

    private static SocketChannel connect(CeleriantPeer peer) throws IOException {
        return SocketChannel.open(new InetSocketAddress("127.0.0.1", peer.port()));
    }

    private static void write(SocketChannel channel, ByteBuffer request) throws IOException {
        while (request.hasRemaining()) {
            channel.write(request);
        }
    }
}
