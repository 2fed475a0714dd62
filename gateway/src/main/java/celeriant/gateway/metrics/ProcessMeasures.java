package celeriant.gateway.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.function.ToLongFunction;

/** What the process uses, under the names that Prometheus' own clients give it. Any thread. */
final class ProcessMeasures {
    private static final double NANOS = 1e-9;
    private static final double MILLIS = 1e-3;

    private ProcessMeasures() {}

    static void show(Exposition out) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        out.single(
                "process_cpu_seconds_total",
                "counter",
                "Processor time, of user and system.",
                system.getProcessCpuTime() * NANOS);
        out.single(
                "process_start_time_seconds",
                "gauge",
                "When the process began, since 1970.",
                ManagementFactory.getRuntimeMXBean().getStartTime() * MILLIS);
        if (system instanceof UnixOperatingSystemMXBean unix) {
            out.single(
                    "process_open_fds",
                    "gauge",
                    "Files and connections that are open.",
                    unix.getOpenFileDescriptorCount());
            out.single("process_max_fds", "gauge", "How many may be.", unix.getMaxFileDescriptorCount());
        }
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        out.single(
                "jvm_heap_used_bytes",
                "gauge",
                "Memory of objects.",
                memory.getHeapMemoryUsage().getUsed());
        out.single(
                "jvm_heap_max_bytes",
                "gauge",
                "How much it may be.",
                memory.getHeapMemoryUsage().getMax());
        out.single(
                "jvm_gc_seconds_total",
                "counter",
                "Time that collecting garbage took.",
                collected(GarbageCollectorMXBean::getCollectionTime) * MILLIS);
        out.single(
                "jvm_gc_total",
                "counter",
                "Times that garbage was collected.",
                collected(GarbageCollectorMXBean::getCollectionCount));
        out.single(
                "jvm_threads",
                "gauge",
                "Threads.",
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static long collected(ToLongFunction<GarbageCollectorMXBean> what) {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(what)
                .filter(count -> count >= 0)
                .sum();
    }
}
