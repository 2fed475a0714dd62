package celeriant.bench;

import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Durable appends in process, side by side: the embedded log, RocksDB alone and PostgreSQL, in interleaved rounds of
 * one run, with the disk's own write and sync beside them in every round. Medians over the rounds.
 *
 * <p>Arguments: {@code <folder> [rounds [seconds]]}. PostgreSQL is left out, with a word about it, where it is not
 * installed.
 */
public final class StorageBench {
    private static final Duration WARMUP = Duration.ofSeconds(3);
    private static final int CALLERS_MAX = 256;

    private record Case(int callers, int events, boolean keyed) {
        String label() {
            return callers
                    + (callers == 1 ? " caller, " : " callers, ")
                    + events
                    + (events == 1 ? " event an append" : " events an append")
                    + (keyed ? ", keyed" : "");
        }
    }

    private StorageBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Duration measured = Duration.ofSeconds(arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5);
        List<Case> cases = List.of(
                new Case(256, 1, false),
                new Case(1, 1, false),
                new Case(16, 1_000, false),
                new Case(16, 1_000, true),
                new Case(256, 1, true));
        List<AppendStore> stores = new ArrayList<>();
        try {
            stores.add(new EmbeddedStore(
                    EmbeddedEventLog.open(folder.resolve("celeriant"), EmbeddedConfig.DEFAULT), "bench", CALLERS_MAX));
            stores.add(new RocksStore(folder.resolve("rocksdb"), CALLERS_MAX));
            Path binaries = postgresBinaries();
            if (binaries != null) {
                stores.add(new PostgresStore(binaries, folder.resolve("postgresql"), CALLERS_MAX));
            }
            for (Case one : cases) {
                measure(one, stores, rounds, measured, folder.resolve("disk"));
            }
        } finally {
            for (AppendStore store : stores) {
                store.close();
            }
        }
    }

    private static Path postgresBinaries() throws Exception {
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (var found = Files.list(versions)) {
                return found.map(version -> version.resolve("bin"))
                        .max(Comparator.naturalOrder())
                        .orElse(null);
            }
        }
        System.out.println("PostgreSQL is not installed, left out");
        return null;
    }

    private static void measure(Case one, List<AppendStore> stores, int rounds, Duration measured, Path disk)
            throws Exception {
        Map<String, List<CallerLoop.Result>> results = new LinkedHashMap<>();
        List<Latencies> syncs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            syncs.add(DiskSync.measure(disk, Duration.ofSeconds(1)));
            for (AppendStore store : stores) {
                Duration warmup = round == 0 ? WARMUP : Duration.ofMillis(500);
                results.computeIfAbsent(store.name(), name -> new ArrayList<>())
                        .add(CallerLoop.run(store, one.callers(), one.events(), one.keyed(), warmup, measured));
            }
        }
        report(one, results, Latencies.of(syncs.toArray(Latencies[]::new)));
    }

    private static void report(Case one, Map<String, List<CallerLoop.Result>> all, Latencies disk) {
        System.out.printf("%n### %s%n%n", one.label());
        System.out.printf(
                "Disk, write + fdatasync of 4 KiB: p50 %.3f ms, p99 %.3f ms%n%n", disk.millisAt(50), disk.millisAt(99));
        System.out.println("| | events/s (rounds) | p50 ms | p99 ms | Celeriant ÷ this |");
        System.out.println("|---|---|---|---|---|");
        double ours = median(
                        all.values().iterator().next(), Comparator.comparingDouble(CallerLoop.Result::eventsPerSecond))
                .eventsPerSecond();
        all.forEach((name, rounds) -> {
            StringBuilder each = new StringBuilder();
            rounds.forEach(round -> each.append(String.format(" %,.0f", round.eventsPerSecond())));
            double rate = median(rounds, Comparator.comparingDouble(CallerLoop.Result::eventsPerSecond))
                    .eventsPerSecond();
            System.out.printf(
                    "| %s | **%,.0f** (%s) | %.3f | %.2f | %.2f |%n",
                    name,
                    rate,
                    each.toString().strip(),
                    median(rounds, Comparator.comparingDouble(CallerLoop.Result::p50))
                            .p50(),
                    median(rounds, Comparator.comparingDouble(CallerLoop.Result::p99))
                            .p99(),
                    ours / rate);
        });
    }

    private static CallerLoop.Result median(List<CallerLoop.Result> rounds, Comparator<CallerLoop.Result> by) {
        return rounds.stream().sorted(by).toList().get(rounds.size() / 2);
    }
}
