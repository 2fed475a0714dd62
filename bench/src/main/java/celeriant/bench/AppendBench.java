package celeriant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Durable appends over the network, side by side: this gateway, the Durable Streams server and Redis Streams, in
 * interleaved rounds of one run, each with the server's own CPU time beside its rate. Medians over the rounds.
 *
 * <p>Arguments: {@code <folder> [rounds [seconds [jvm flags of this server…]]]}. Peers that are not on the PATH are
 * left out, and it says so. With {@code -Dcases=TEXT} only the lines of the table that contain the text; with
 * {@code -Dthreads=true} the servers' CPU time by thread; with {@code -Dbeside=CLASSPATH} one more server of this kind,
 * from other classes; with {@code -Dwithout=TEXT} no peer whose name contains the text.
 */
public final class AppendBench {
    /** Before anything is measured, of single events and of many: by then this server's compiler is nearly done. */
    private static final Duration COMPILING = Duration.ofSeconds(45);

    private static final Duration COMPILING_MANY = Duration.ofSeconds(20);
    private static final Duration WARMUP = Duration.ofSeconds(3);

    /** One line of the table. */
    private record Case(AppendPeer.Load load, int connections) {
        String label() {
            return load.label() + ", " + connections + " connections";
        }
    }

    private record Figures(double eventsPerSecond, double p50, double p99, double cpuMicrosPerRequest) {}

    private AppendBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Duration measured = Duration.ofSeconds(arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5);
        List<String> jvmFlags =
                arguments.length > 3 ? Arrays.asList(arguments).subList(3, arguments.length) : List.of();
        List<Case> cases = List.of(
                new Case(new AppendPeer.Load(1, 1), 64),
                new Case(new AppendPeer.Load(64, 1), 64),
                new Case(new AppendPeer.Load(1, 1), 256),
                new Case(new AppendPeer.Load(64, 1), 256),
                new Case(new AppendPeer.Load(1, 100), 16));
        List<AppendPeer> peers = new ArrayList<>();
        try {
            start(peers, folder, jvmFlags);
            peers.forEach(peer -> warmUp(peer, cases.getFirst(), COMPILING));
            peers.forEach(peer -> warmUp(peer, cases.getLast(), COMPILING_MANY));
            String wanted = System.getProperty("cases", "");
            for (Case one :
                    cases.stream().filter(each -> each.label().contains(wanted)).toList()) {
                report(one, measure(one, peers, rounds, measured));
            }
        } finally {
            AppendPeer.closeAll(peers);
        }
    }

    private static void start(List<AppendPeer> peers, Path folder, List<String> jvmFlags)
            throws IOException, InterruptedException {
        WantedPeers.start(folder, jvmFlags, peers::add);
        Path redis = WantedPeers.isWanted("Redis Streams") ? Commands.onPath("redis-server") : null;
        if (redis != null) {
            peers.add(new RedisPeer(redis, Files.createDirectories(folder.resolve("redis"))));
        }
    }

    private static void warmUp(AppendPeer peer, Case one, Duration compiling) {
        if (peer.takes(one.load())) {
            measureOnce(one, peer, Duration.ZERO, peer instanceof CeleriantPeer ? compiling : WARMUP);
        }
    }

    private static Map<String, List<Figures>> measure(Case one, List<AppendPeer> peers, int rounds, Duration measured) {
        Map<String, List<Figures>> figures = new LinkedHashMap<>();
        peers.stream()
                .filter(peer -> peer.takes(one.load()))
                .forEach(peer -> figures.put(peer.name(), new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            // Who comes next finds what the one before left of the machine, so they take turns.
            for (AppendPeer peer : round % 2 == 0 ? peers : peers.reversed()) {
                if (peer.takes(one.load())) {
                    figures.get(peer.name())
                            .add(measureOnce(one, peer, Duration.ofSeconds(round == 0 ? 3 : 1), measured));
                }
            }
        }
        return figures;
    }

    private static Figures measureOnce(Case one, AppendPeer peer, Duration warmup, Duration measured) {
        long cpuBefore = peer.process().cpuMicros();
        Map<String, Long> threadsBefore = peer.process().cpuMicrosByThread();
        long begin = System.nanoTime();
        ClosedLoop.Result result =
                ClosedLoop.run(peer.port(), one.connections(), peer.exchanges(one.load()), warmup, measured);
        // The CPU time covers the warm-up as well, so it is taken per second of the whole run.
        double wholeSeconds = (System.nanoTime() - begin) / 1e9;
        double cpuPerSecond = (peer.process().cpuMicros() - cpuBefore) / wholeSeconds;
        if (Boolean.getBoolean("threads")) {
            double requests = result.requests() / result.seconds() * wholeSeconds;
            System.out.println(
                    peer.name() + ", µs/request by thread: " + peer.process().cpuSince(threadsBefore, requests));
        }
        return new Figures(
                result.eventsPerSecond(),
                result.latencies().millisAt(50),
                result.latencies().millisAt(99),
                cpuPerSecond / (result.requests() / result.seconds()));
    }

    private static void report(Case one, Map<String, List<Figures>> all) {
        System.out.println();
        System.out.println("### " + one.label());
        System.out.println();
        System.out.println("| | events/s (rounds) | p50 ms | p99 ms | server CPU µs/request | Celeriant ÷ this |");
        System.out.println("|---|---|---|---|---|---|");
        double ours = median(all.get("Celeriant"), Comparator.comparingDouble(Figures::eventsPerSecond))
                .eventsPerSecond();
        all.forEach((name, rounds) -> {
            Figures middle = median(rounds, Comparator.comparingDouble(Figures::eventsPerSecond));
            StringBuilder each = new StringBuilder();
            rounds.forEach(figures -> each.append(String.format(" %,.0f", figures.eventsPerSecond())));
            System.out.printf(
                    "| %s | **%,.0f** (%s) | %.2f | %.2f | %.1f | %.2f |%n",
                    name,
                    middle.eventsPerSecond(),
                    each.toString().strip(),
                    median(rounds, Comparator.comparingDouble(Figures::p50)).p50(),
                    median(rounds, Comparator.comparingDouble(Figures::p99)).p99(),
                    median(rounds, Comparator.comparingDouble(Figures::cpuMicrosPerRequest))
                            .cpuMicrosPerRequest(),
                    ours / middle.eventsPerSecond());
        });
    }

    private static Figures median(List<Figures> rounds, Comparator<Figures> by) {
        return rounds.stream().sorted(by).toList().get(rounds.size() / 2);
    }
}
