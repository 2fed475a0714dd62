package celeriant.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A server under test, a process of its own on loopback, ended by its own handle. Its CPU time and memory are read from
 * {@code /proc}, so that what the generator costs beside it is not counted.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration STOP_MAX = Duration.ofSeconds(10);
    private static final int CLOCK_TICKS_PER_SECOND = 100;
    private static final int USER_TICKS_FIELD = 11;
    private static final int THREADS_SHOWN = 8;

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    /** Starts {@code command}; its output goes to {@code output}. */
    static ServerProcess start(List<String> command, Path output) {
        try {
            return new ServerProcess(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    /** The first line of {@code output} that begins with {@code prefix}, waited for. */
    String awaitLine(Path output, String prefix, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean ended = false;
        while (System.nanoTime() < deadline && !ended) {
            // In this order, so that what a short command printed last is not missed.
            ended = !process.isAlive();
            String found = firstLine(output, prefix);
            if (found != null) {
                return found;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException("no line \"" + prefix + "…\" within " + timeout + "; see " + output);
    }

    private static String firstLine(Path output, String prefix) {
        try (BufferedReader lines = Files.newBufferedReader(output)) {
            return lines.lines()
                    .filter(line -> line.startsWith(prefix))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** CPU time that the process has used so far, user and system, in microseconds (in steps of a clock tick). */
    long cpuMicros() {
        return cpuMicros(read("stat"));
    }

    private static long cpuMicros(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[USER_TICKS_FIELD]) + Long.parseLong(fields[USER_TICKS_FIELD + 1]);
        return ticks * (1_000_000 / CLOCK_TICKS_PER_SECOND);
    }

    /** The same by the names of the threads that live, numbers aside. */
    Map<String, Long> cpuMicrosByThread() {
        Map<String, Long> micros = new TreeMap<>();
        for (File thread : new File("/proc/" + process.pid() + "/task").listFiles()) {
            try {
                String stat = Files.readString(thread.toPath().resolve("stat"));
                String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                micros.merge(name.replaceAll("[0-9]+$", ""), cpuMicros(stat), Long::sum);
            } catch (IOException e) {
                // It ended meanwhile.
                continue;
            }
        }
        return micros;
    }

    /**
     * What the threads used since {@code before} for each of {@code operations}, the largest first, in microseconds.
     */
    String cpuSince(Map<String, Long> before, double operations) {
        Map<String, Double> used = new TreeMap<>();
        cpuMicrosByThread()
                .forEach((name, micros) -> used.put(name, (micros - before.getOrDefault(name, 0L)) / operations));
        return used.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(THREADS_SHOWN)
                .map(entry -> String.format("%s %.1f", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Resident memory in KiB. */
    long residentKib() {
        return read("status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private String read(String name) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException("the server ended", e);
        }
    }

    /** Ends it at once, as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
