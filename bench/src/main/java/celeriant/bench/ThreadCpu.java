package celeriant.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * CPU time by thread name: on a busy machine it says what a rate cannot. Of the threads that are not Java's, where
 * Linux shows them, those of RocksDB and of the collector.
 */
final class ThreadCpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final Path TASKS = Path.of("/proc/self/task");
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final TreeMap<String, Long> nanosByName = new TreeMap<>();

    /** The times until now. */
    static ThreadCpu now() {
        ThreadCpu now = new ThreadCpu();
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null) {
                now.nanosByName.merge(
                        thread.getThreadName(), THREADS.getThreadCpuTime(thread.getThreadId()), Long::sum);
            }
        }
        now.addNative();
        return now;
    }

    private void addNative() {
        if (!Files.isDirectory(TASKS)) {
            return;
        }
        try (Stream<Path> tasks = Files.list(TASKS)) {
            tasks.forEach(this::addTask);
        } catch (IOException e) {
            System.err.println("native threads are not shown: " + e);
        }
    }

    private void addTask(Path task) {
        try {
            String name = Files.readString(task.resolve("comm")).strip();
            String group = name.startsWith("rocksdb") ? "rocksdb" : name.matches("G[C1] .*") ? "collector" : null;
            if (group != null) {
                String stat = Files.readString(task.resolve("stat"));
                List<String> fields =
                        List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
                long ticks = Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(SYSTEM_TICKS));
                nanosByName.merge(group, ticks * NANOS_PER_TICK, Long::sum);
            }
        } catch (IOException e) {
            // It has ended meanwhile.
        }
    }

    /** Microseconds per operation since {@code before}, by thread, those that did something. */
    String perOperation(ThreadCpu before, double operations) {
        StringBuilder text = new StringBuilder();
        nanosByName.forEach((name, nanos) -> {
            double micros = (nanos - before.nanosByName.getOrDefault(name, 0L)) / 1e3 / operations;
            if (micros >= 0.01) {
                text.append(String.format(" %s %.2f", name, micros));
            }
        });
        return text.toString().strip();
    }
}
