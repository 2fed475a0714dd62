package celeriant.bench;

import celeriant.client.AggregateView;
import celeriant.client.AppendHandle;
import celeriant.client.Celeriant;
import celeriant.client.access.Level;
import celeriant.client.buffer.SqliteBuffer;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The Java client on SQLite with every append synced, each step in a JVM of its own with the client's own class path,
 * as a service or a device starts:
 *
 * <pre>
 * {@code <folder> ALL}           starts a gateway and runs the steps against it, SYNC again when it is warm
 * {@code <folder> APPEND <url>}  appends one after the other: until it is in the view, until it is durable
 * {@code <folder> SYNC <url>}    10,000 appends while offline, then online until none is pending
 * {@code <folder> FILL <url>}    an aggregate with 100,000 registers, read by a new client
 * {@code <folder> OPEN <url>}    starts that client again, offline, until the last known state is there
 * </pre>
 */
public final class ClientBench {
    private static final String ORG = "bench";
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final AggregateId OWN = new AggregateId("bench", "own");
    private static final AggregateId REGISTERS = new AggregateId("bench", "registers");
    private static final int WARMUP = 500;
    private static final int APPENDS = 2_000;
    private static final int PENDING = 10_000;
    private static final int REGISTER_COUNT = 100_000;
    private static final int EVENTS_PER_APPEND = 1_000;
    private static final int KEYS = 1_000;

    private static final Pattern CLIENTS_OWN =
            Pattern.compile("(^|/)(bench|model|wire|clients/java)/target/classes$|/(sqlite-jdbc|slf4j-api)-[^/]*$");

    private enum Step {
        ALL,
        APPEND,
        SYNC,
        FILL,
        OPEN
    }

    private ClientBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        switch (Step.valueOf(arguments[1])) {
            case ALL -> all(folder);
            case APPEND -> append(folder, URI.create(arguments[2]));
            case SYNC -> sync(folder, URI.create(arguments[2]));
            case FILL -> fill(folder, URI.create(arguments[2]));
            case OPEN -> open(folder, URI.create(arguments[2]));
        }
    }

    private static void all(Path folder) throws IOException, InterruptedException {
        Path output = folder.resolve("gateway.out");
        List<String> serve = CeleriantPeer.command(
                List.of(),
                "serve",
                "--port",
                "0",
                "--admin-port",
                "0",
                "--data",
                folder.resolve("data").toString());
        try (ServerProcess gateway = ServerProcess.start(serve, output)) {
            String line = gateway.awaitLine(output, "listening ", Duration.ofSeconds(60));
            String url = line.substring(line.indexOf("http")).strip();
            for (Step step : List.of(Step.APPEND, Step.SYNC, Step.FILL, Step.OPEN, Step.OPEN, Step.OPEN, Step.SYNC)) {
                inOwnJvm(folder, step, url);
            }
        }
    }

    private static void inOwnJvm(Path folder, Step step, String url) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx2g",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath(),
                        ClientBench.class.getName(),
                        folder.toString(),
                        step.name(),
                        url)
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(step + " ended with " + process.exitValue());
        }
    }

    /** Without the gateway's libraries: a logger alone takes half a second to start. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> CLIENTS_OWN.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Celeriant client(Path file, URI url) {
        return Celeriant.to(url, ORG).buffer(SqliteBuffer.in(file)).offline().start();
    }

    private static Event painted(AggregateId aggregate, int at, int keys) {
        String value = "{\"colour\":\"#%06x\",\"by\":\"somebody on a device\",\"at\":%d,\"note\":\"0123456789\"}"
                .formatted(at, at);
        return Event.keyed(aggregate, "cell-painted", "cell-" + at % keys, EventData.json(value));
    }

    private static void append(Path folder, URI url) throws Exception {
        try (Celeriant client = client(folder.resolve("append.db"), url)) {
            AggregateView view = client.open(OWN);
            Latencies shown = new Latencies();
            Latencies durable = new Latencies();
            for (int at = 0; at < WARMUP + APPENDS; at++) {
                Event event = painted(OWN, at, KEYS);
                long begun = System.nanoTime();
                AppendHandle handle = client.append(event);
                if (!view.register("cell-" + at % KEYS).pending()) {
                    throw new IllegalStateException("the append is not shown");
                }
                long visible = System.nanoTime() - begun;
                handle.awaitLocal();
                if (at >= WARMUP) {
                    shown.add(visible);
                    durable.add(System.nanoTime() - begun);
                }
            }
            print("append: shown", shown);
            print("append: durable", durable);
        }
    }

    private static void print(String what, Latencies latencies) {
        System.out.printf("%s: p50 %.2f ms, p99 %.2f ms%n", what, latencies.millisAt(50), latencies.millisAt(99));
    }

    private static void sync(Path folder, URI url) throws Exception {
        AggregateId aggregate = new AggregateId("bench", "pending");
        try (Celeriant client = client(folder.resolve("sync.db"), url)) {
            long begun = System.nanoTime();
            AppendHandle last = null;
            for (int at = 0; at < PENDING; at++) {
                last = client.append(painted(aggregate, at, KEYS));
            }
            last.awaitLocal();
            System.out.printf("%,d appends until durable: %,d ms%n", PENDING, millisSince(begun));
            begun = System.nanoTime();
            client.goOnline();
            client.awaitSettled(LONG);
            System.out.printf("%,d pending appends synced: %,d ms%n", PENDING, millisSince(begun));
        }
    }

    private static void fill(Path folder, URI url) throws Exception {
        try (Celeriant writer = Celeriant.to(url, ORG).start()) {
            writer.access(REGISTERS).publish(Level.READER).toCompletableFuture().get();
            List<AppendHandle> handles = new ArrayList<>();
            for (int from = 0; from < REGISTER_COUNT; from += EVENTS_PER_APPEND) {
                handles.add(writer.append(IntStream.range(from, from + EVENTS_PER_APPEND)
                        .mapToObj(at -> painted(REGISTERS, at, REGISTER_COUNT))
                        .toList()));
            }
            writer.awaitSettled(LONG);
        }
        try (Celeriant reader = client(folder.resolve("open.db"), url)) {
            long begun = System.nanoTime();
            AggregateView view = reader.open(REGISTERS);
            reader.goOnline();
            reader.awaitLive(LONG);
            require(view);
            System.out.printf("first sync of %,d registers: %,d ms%n", REGISTER_COUNT, millisSince(begun));
        }
    }

    private static void open(Path folder, URI url) {
        long begun = System.nanoTime();
        try (Celeriant client = client(folder.resolve("open.db"), url)) {
            long started = millisSince(begun);
            require(client.open(REGISTERS));
            System.out.printf(
                    "%,d registers opened: %,d ms, %,d of them to start%n",
                    REGISTER_COUNT, millisSince(begun), started);
        }
    }

    private static void require(AggregateView view) {
        if (view.registers().size() != REGISTER_COUNT) {
            throw new IllegalStateException(view.registers().size() + " registers");
        }
    }

    private static long millisSince(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }
}
