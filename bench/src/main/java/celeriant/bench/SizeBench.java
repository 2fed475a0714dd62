package celeriant.bench;

import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.Measures;
import celeriant.log.MergedRead;
import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import celeriant.model.AggregateId;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The embedded log when there is much of it: how long it takes to open, how fast it appends, how much memory it holds.
 * In steps, so that a folder is made once and measured often:
 *
 * <pre>
 * {@code <folder> FILL <aggregates>}              makes so many aggregates, of one event each
 * {@code <folder> APPEND <aggregates> <seconds>}  opens; 256 callers append single events to any of them
 * {@code <folder> FOLLOW <aggregates>}            opens; merged reads from the beginning that follow three of them
 * {@code <folder> GROW <GiB>}                     appends until the journal is so large, then is killed (kill -9)
 * {@code <folder> OPEN}                           opens and closes
 * </pre>
 */
public final class SizeBench {
    private static final int CALLERS = 256;
    private static final int BULK_CALLERS = 16;
    private static final int BULK_EVENTS = 1_000;
    private static final Duration WARMUP = Duration.ofSeconds(5);
    private static final Duration GROWTH_STEP = Duration.ofSeconds(2);
    private static final long GIB = 1L << 30;
    private static final int COMPLETE_SECONDS_MAX = 60;
    private static final int FOLLOWED = 3;
    private static final int FOLLOWS = 2_000;
    private static final int FOLLOW_WARMUP = 500;

    private enum Step {
        FILL,
        APPEND,
        FOLLOW,
        GROW,
        OPEN
    }

    private SizeBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        long begin = System.nanoTime();
        try (EventLog log = EmbeddedEventLog.open(folder, EmbeddedConfig.DEFAULT)) {
            System.out.printf("opened in %,d ms%n", (System.nanoTime() - begin) / 1_000_000);
            switch (Step.valueOf(arguments[1])) {
                case FILL -> LogCallers.fillAggregates(log, Integer.parseInt(arguments[2]));
                case APPEND ->
                    append(log, Integer.parseInt(arguments[2]), Duration.ofSeconds(Long.parseLong(arguments[3])));
                case FOLLOW -> follow(log, Integer.parseInt(arguments[2]));
                case GROW -> grow(log, folder, Long.parseLong(arguments[2]) * GIB);
                case OPEN -> {}
            }
            System.out.println(resident());
        }
        System.out.printf("%,d MiB on the disk%n", bytesIn(folder) >> 20);
    }

    private static void append(EventLog log, int aggregates, Duration measured) throws InterruptedException {
        LogCallers callers = new LogCallers(log, new LogCallers.Load(CALLERS, 1, false, aggregates));
        callers.run(WARMUP);
        append("soon after opening", callers, aggregates, measured);
        double waited = 0;
        while (gauge(log, "heads_complete") == 0 && waited < COMPLETE_SECONDS_MAX) {
            long begin = System.nanoTime();
            callers.run(Duration.ofSeconds(1));
            waited += (System.nanoTime() - begin) / 1e9;
        }
        System.out.printf("%,d heads in %,d bytes%n", gauge(log, "heads"), gauge(log, "heads_bytes"));
        append("later", callers, aggregates, measured);
    }

    private static void append(String when, LogCallers callers, int aggregates, Duration measured)
            throws InterruptedException {
        ThreadCpu before = ThreadCpu.now();
        LogCallers.Result result = callers.run(measured);
        String cpu = ThreadCpu.now().perOperation(before, result.latencies().count());
        System.out.printf(
                "%,d aggregates, %s: %,.0f events/s, p50 %.3f ms, p99 %.3f ms; CPU µs per append: %s%n",
                aggregates,
                when,
                result.eventsPerSecond(),
                result.latencies().millisAt(50),
                result.latencies().millisAt(99),
                cpu);
    }

    /** What the log measures of itself under a name; 0 if it measures no such thing. */
    private static long gauge(EventLog log, String name) {
        long[] found = new long[1];
        log.measure(new Measures() {
            @Override
            public void gauge(String shown, String meaning, long value) {
                found[0] = shown.equals(name) ? value : found[0];
            }

            @Override
            public void counter(String shown, String meaning, long value) {
                // Not looked for.
            }

            @Override
            public void histogram(String shown, String meaning, double[] bounds, long[] counts, double sum) {
                // Not looked for.
            }
        });
        return found[0];
    }

    private static void follow(EventLog log, int aggregates) {
        SplittableRandom random = new SplittableRandom(1);
        Latencies latencies = new Latencies();
        long events = 0;
        for (int i = -FOLLOW_WARMUP; i < FOLLOWS; i++) {
            Set<AggregateId> followed = new HashSet<>();
            while (followed.size() < FOLLOWED) {
                followed.add(LogCallers.oneOf(random.nextInt(aggregates)));
            }
            MergedRead read = new MergedRead(0, Long.MAX_VALUE, 100, 1 << 20, followed, Set.of(), Set.of());
            long begin = System.nanoTime();
            EventPage page = log.readMerged(LogCallers.ORG, read);
            if (i >= 0) {
                latencies.add(System.nanoTime() - begin);
                events += page.events().size();
            }
        }
        System.out.printf(
                "%d of %,d aggregates followed through %,d events: p50 %.3f ms, p99 %.3f ms, %.1f events a read%n",
                FOLLOWED,
                aggregates,
                log.head(LogCallers.ORG).position(),
                latencies.millisAt(50),
                latencies.millisAt(99),
                (double) events / FOLLOWS);
    }

    private static void grow(EventLog log, Path folder, long bytes) throws IOException, InterruptedException {
        LogCallers callers = new LogCallers(log, new LogCallers.Load(BULK_CALLERS, BULK_EVENTS, false, 0));
        while (bytesIn(folder) < bytes) {
            callers.run(GROWTH_STEP);
        }
        System.out.printf("%,d MiB on the disk, killed while it appends%n", bytesIn(folder) >> 20);
        System.out.flush();
        long self = ProcessHandle.current().pid();
        new ProcessBuilder("sh", "-c", "sleep 1; kill -9 " + self).start();
        while (true) {
            callers.run(GROWTH_STEP);
        }
    }

    /** Files as they are now; one that goes meanwhile counts nothing. */
    private static long bytesIn(Path folder) {
        long bytes = 0;
        for (Path file : list(folder)) {
            bytes += Files.isDirectory(file) ? bytesIn(file) : file.toFile().length();
        }
        return bytes;
    }

    private static List<Path> list(Path folder) {
        File[] files = folder.toFile().listFiles();
        return files == null ? List.of() : Stream.of(files).map(File::toPath).toList();
    }

    /** What the process holds in memory: its own, and of files what the system would give back at once. */
    private static String resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "the system does not say what is resident";
        }
        StringBuilder text = new StringBuilder("resident:");
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("RssAnon") || line.startsWith("RssFile")) {
                text.append(' ').append(line.replaceAll("\\s+", " "));
            }
        }
        return text.toString();
    }
}
