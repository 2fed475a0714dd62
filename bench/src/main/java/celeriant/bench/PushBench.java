package celeriant.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Pushes as clients send them, {@code POST /v1/{org}/appends}: 100 appends each by a backend, and one append each by
 * devices, every one with a proof of its own that was signed before the run.
 *
 * <p>Arguments: {@code <folder> [rounds [seconds [jvm flags of the server…]]]}. With {@code -Dcases=TEXT} only the
 * lines of the table that contain the text; with {@code -Dthreads=true} the server's CPU time by thread.
 */
public final class PushBench {
    private static final int APPENDS = 100;
    private static final int BACKENDS = 16;
    private static final int DEVICES = 64;

    /** Signed for each device: more than it can send in a round on a fast machine. */
    private static final int PROOFS_PER_DEVICE_AND_SECOND = 600;

    /** Before anything is measured: by then this server's compiler is nearly done. */
    private static final int WARMUP_SECONDS = 12;

    private static final int WARMUP_PROVED_SECONDS = 8;

    private static final int ID_DIGITS = 12;

    /** Odd, so that different numbers stay different: ids lie as scattered as those that callers draw at random. */
    private static final long SCATTER = 0x9E37_79B9_7F4A_7C15L;

    private static final long ID_MASK = (1L << 4 * ID_DIGITS) - 1;
    private static final byte[] HEXADECIMAL = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String MANY = APPENDS + " appends a push, " + BACKENDS + " connections";
    private static final String PROVED = "one append a push, " + DEVICES + " devices, a proof each";

    private PushBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, GeneralSecurityException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        List<String> jvmFlags =
                arguments.length > 3 ? Arrays.asList(arguments).subList(3, arguments.length) : List.of();
        try (CeleriantPeer peer = new CeleriantPeer(folder, jvmFlags)) {
            System.out.println("\n| | appends/s | p50 ms | p99 ms | server CPU µs/request |");
            System.out.println("|---|---|---|---|---|");
            String wanted = System.getProperty("cases", "");
            if (MANY.contains(wanted)) {
                for (int round = 0; round <= rounds; round++) {
                    int length = round == 0 ? Math.max(seconds, WARMUP_SECONDS) : seconds;
                    run(label(MANY, round), peer, BACKENDS, backends(peer, round), length);
                }
            }
            if (PROVED.contains(wanted)) {
                for (int round = 0; round <= rounds; round++) {
                    int length = round == 0 ? Math.max(seconds, WARMUP_PROVED_SECONDS) : seconds;
                    IntFunction<Exchange> signed =
                            new ProvedPushes(peer, DEVICES).sign(PROOFS_PER_DEVICE_AND_SECOND * (length + 1));
                    run(label(PROVED, round), peer, DEVICES, signed, length);
                }
            }
        }
    }

    private static String label(String load, int round) {
        return round == 0 ? "warm-up" : load;
    }

    private static void run(
            String label, CeleriantPeer peer, int connections, IntFunction<Exchange> exchanges, int seconds) {
        long cpuBefore = peer.process().cpuMicros();
        Map<String, Long> threadsBefore = peer.process().cpuMicrosByThread();
        long begin = System.nanoTime();
        ClosedLoop.Result result =
                ClosedLoop.run(peer.port(), connections, exchanges, Duration.ofSeconds(1), Duration.ofSeconds(seconds));
        double wholeSeconds = (System.nanoTime() - begin) / 1e9;
        double cpuPerSecond = (peer.process().cpuMicros() - cpuBefore) / wholeSeconds;
        System.out.printf(
                "| %s | %,.0f | %.2f | %.2f | %.1f |%n",
                label,
                result.eventsPerSecond(),
                result.latencies().millisAt(50),
                result.latencies().millisAt(99),
                cpuPerSecond / (result.requests() / result.seconds()));
        if (Boolean.getBoolean("threads")) {
            double requests = result.requests() / result.seconds() * wholeSeconds;
            System.out.println("µs/request by thread: " + peer.process().cpuSince(threadsBefore, requests));
        }
    }

    /** The same push again and again, but for the ids of its appends, each of which comes once. */
    private static IntFunction<Exchange> backends(CeleriantPeer peer, int round) {
        StringBuilder body = new StringBuilder("{\"appends\":[");
        for (int i = 0; i < APPENDS; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"00000000-0000-4000-8000-")
                    .append("#".repeat(ID_DIGITS))
                    .append("\",\"events\":[{\"aggregate\":\"stream/bench-")
                    .append(i % 8)
                    .append("\",\"type\":\"measured\",\"data\":")
                    .append(AppendPeer.payload())
                    .append("}]}");
        }
        String text = body.append("]}").toString();
        return connection -> {
            byte[] whole = peer.post("/appends", text).array();
            int[] places = places(whole);
            ByteBuffer sent = ByteBuffer.wrap(whole);
            return new HttpExchange(APPENDS, number -> {
                long id = (long) round << 40 | (long) connection << 32 | number * APPENDS;
                for (int i = 0; i < places.length; i++) {
                    digits((id + i) * SCATTER & ID_MASK, whole, places[i]);
                }
                return sent.clear();
            });
        };
    }

    private static int[] places(byte[] whole) {
        int[] places = new int[APPENDS];
        int count = 0;
        for (int i = 0; i < whole.length; i++) {
            if (whole[i] == '#') {
                places[count++] = i;
                i += ID_DIGITS - 1;
            }
        }
        return places;
    }

    private static void digits(long id, byte[] into, int at) {
        for (int i = 0; i < ID_DIGITS; i++) {
            into[at + ID_DIGITS - 1 - i] = HEXADECIMAL[(int) (id >> 4 * i & 0xf)];
        }
    }
}
