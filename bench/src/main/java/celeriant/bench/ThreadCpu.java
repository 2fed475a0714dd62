package celeriant.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.TreeMap;

/** CPU time by thread name: on a busy machine it says what a rate cannot. */
final class ThreadCpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

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
        return now;
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
