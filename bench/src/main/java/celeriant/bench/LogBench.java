package celeriant.bench;

import celeriant.log.AggregateRead;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import celeriant.model.AggregateId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The embedded log alone, in this process: durable appends, scans, reads, and the disk's own rate of write + sync on
 * pre-written blocks beside them in the same run.
 *
 * <p>Arguments: {@code <folder> [seconds [cases…]]}; cases are the names of {@link Case}, all by default.
 */
public final class LogBench {
    private static final Duration WARMUP = Duration.ofSeconds(3);
    private static final int LARGE_AGGREGATE_EVENTS = 100_000;
    private static final int READS = 5;
    private static final int STATE_WARMUP = 50;
    private static final int STATES = 200;
    private static final int PAGE_EVENTS = 10_000;
    private static final int PAGE_BYTES = 4 << 20;

    /** What can be measured. */
    private enum Case {
        DISK,
        ONE,
        MANY,
        MANY_KEYED,
        BULK,
        BULK_KEYED,
        SCAN,
        AGGREGATE,
        STATE
    }

    private final EventLog log;
    private final Path folder;
    private final Duration measured;

    private LogBench(EventLog log, Path folder, Duration measured) {
        this.log = log;
        this.folder = folder;
        this.measured = measured;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Duration measured = Duration.ofSeconds(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5);
        List<Case> cases = arguments.length > 2
                ? Arrays.stream(arguments).skip(2).map(Case::valueOf).toList()
                : List.of(Case.values());
        try (EventLog log = EmbeddedEventLog.open(folder.resolve("log"), EmbeddedConfig.DEFAULT)) {
            LogBench bench = new LogBench(log, folder, measured);
            for (Case one : cases) {
                bench.run(one);
            }
        }
    }

    private void run(Case one) throws IOException, InterruptedException {
        switch (one) {
            case DISK -> {
                Latencies syncs = DiskSync.measure(folder.resolve("sync.probe"), measured);
                System.out.printf(
                        "disk, 4 KiB write + fdatasync: %,.0f/s, p50 %.3f ms, p99 %.3f ms%n",
                        syncs.count() / (double) measured.toSeconds(), syncs.millisAt(50), syncs.millisAt(99));
            }
            case ONE -> append("one caller, 1 event", new LogCallers.Load(1, 1, false));
            case MANY -> append("256 callers, 1 event", new LogCallers.Load(256, 1, false));
            case MANY_KEYED -> append("256 callers, 1 event with a key", new LogCallers.Load(256, 1, true));
            case BULK -> append("16 callers, 1000 events", new LogCallers.Load(16, 1000, false));
            case BULK_KEYED -> append("16 callers, 1000 events with keys", new LogCallers.Load(16, 1000, true));
            case SCAN -> read("merged scan", this::scan);
            case AGGREGATE -> {
                AggregateId large = LogCallers.fillAmongOthers(log, LARGE_AGGREGATE_EVENTS);
                read("one aggregate of " + LARGE_AGGREGATE_EVENTS + " events among many", () -> readAll(large));
            }
            case STATE -> {
                AggregateId keyed = LogCallers.fillKeyed(log, 1_000_000, 1_000);
                state(keyed);
            }
        }
    }

    private void append(String label, LogCallers.Load load) throws InterruptedException {
        LogCallers callers = new LogCallers(log, load);
        callers.run(WARMUP);
        ThreadCpu before = ThreadCpu.now();
        LogCallers.Result result = callers.run(measured);
        String cpu = ThreadCpu.now().perOperation(before, result.latencies().count());
        System.out.printf(
                "%s: %,.0f events/s, p50 %.3f ms, p99 %.3f ms; CPU µs per append: %s%n",
                label,
                result.eventsPerSecond(),
                result.latencies().millisAt(50),
                result.latencies().millisAt(99),
                cpu);
    }

    private void state(AggregateId keyed) {
        Latencies latencies = new Latencies();
        ThreadCpu before = ThreadCpu.now();
        for (int i = -STATE_WARMUP; i < STATES; i++) {
            if (i == 0) {
                before = ThreadCpu.now();
            }
            long begin = System.nanoTime();
            int keys =
                    log.state(LogCallers.ORG, keyed).orElseThrow().registers().size();
            if (i >= 0) {
                latencies.add(System.nanoTime() - begin);
            }
            if (i == STATES - 1) {
                System.out.printf(
                        "state of %d keys: p50 %.1f ms, p99 %.1f ms; CPU µs per read: %s%n",
                        keys,
                        latencies.millisAt(50),
                        latencies.millisAt(99),
                        ThreadCpu.now().perOperation(before, STATES));
            }
        }
    }

    private static void read(String label, LongSupplier reading) {
        StringBuilder rates = new StringBuilder();
        for (int i = 0; i < READS; i++) {
            ThreadCpu before = ThreadCpu.now();
            long begin = System.nanoTime();
            long events = reading.getAsLong();
            double seconds = (System.nanoTime() - begin) / 1e9;
            String cpu = ThreadCpu.now().perOperation(before, events);
            rates.append(
                    String.format("%n  %,.0f (%.1f ms; CPU µs per event: %s)", events / seconds, seconds * 1e3, cpu));
        }
        System.out.println(label + ": events/s" + rates);
    }

    private long scan() {
        MergedRead read = new MergedRead(0, Long.MAX_VALUE, PAGE_EVENTS, PAGE_BYTES, Set.of(), Set.of(), Set.of());
        long events = 0;
        while (true) {
            EventPage page = log.readMerged(LogCallers.ORG, read);
            events += page.events().size();
            if (page.last()) {
                return events;
            }
            read = read.from(page.covered());
        }
    }

    private long readAll(AggregateId aggregate) {
        long events = 0;
        long after = 0;
        while (true) {
            AggregateRead read = new AggregateRead(after, Long.MAX_VALUE, PAGE_EVENTS, PAGE_BYTES, Set.of());
            EventPage page = log.readAggregate(LogCallers.ORG, aggregate, read);
            events += page.events().size();
            if (page.last()) {
                return events;
            }
            after = page.covered();
        }
    }
}
