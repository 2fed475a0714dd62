package celeriant.gateway.ops;

import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.model.RecordedEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts, and shows them as Prometheus reads them (text format 0.0.4). Any thread. */
public final class Metrics implements EventLog.Tail {
    private static final List<String> METHODS =
            List.of("POST", "GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "other");
    private static final int STATUS_MAX = 600;

    /** By method and status; made when the first of its kind is counted. */
    private final AtomicReferenceArray<LongAdder> requests = new AtomicReferenceArray<>(METHODS.size() * STATUS_MAX);

    private final LongAdder events = new LongAdder();
    private final LongAdder groups = new LongAdder();
    private final Map<String, Gauge> gauges = new ConcurrentSkipListMap<>();

    private record Gauge(String help, LongSupplier value) {}

    /** A request was answered. */
    public void answered(String method, int status) {
        int known = METHODS.indexOf(method);
        int kind = (known < 0 ? METHODS.size() - 1 : known) * STATUS_MAX + status;
        LongAdder count = requests.get(kind);
        if (count == null) {
            requests.compareAndSet(kind, null, new LongAdder());
            count = requests.get(kind);
        }
        count.increment();
    }

    /** Shows {@code value} under {@code name}. */
    public void gauge(String name, String help, LongSupplier value) {
        gauges.put(name, new Gauge(help, value));
    }

    @Override
    public void appended(String org, List<RecordedEvent> recorded, LogHead head) {
        groups.increment();
        events.add(recorded.size());
    }

    /** Everything as text, with what {@code log} measures. */
    public String text(EventLog log) {
        StringBuilder out = new StringBuilder();
        head(out, "celeriant_requests_total", "counter", "Requests answered.");
        for (int kind = 0; kind < requests.length(); kind++) {
            if (requests.get(kind) != null) {
                out.append("celeriant_requests_total{method=\"")
                        .append(METHODS.get(kind / STATUS_MAX))
                        .append("\",status=\"")
                        .append(kind % STATUS_MAX)
                        .append("\"} ")
                        .append(requests.get(kind).sum())
                        .append('\n');
            }
        }
        counter(out, "celeriant_events_total", "Events recorded, the system's included.", events.sum());
        counter(out, "celeriant_record_groups_total", "Times that recorded events were handed on.", groups.sum());
        gauges.forEach((name, gauge) -> {
            head(out, name, "gauge", gauge.help());
            out.append(name).append(' ').append(gauge.value().getAsLong()).append('\n');
        });
        log.measure(new LogMeasures(out));
        return out.toString();
    }

    private static void counter(StringBuilder out, String name, String help, long value) {
        head(out, name, "counter", help);
        out.append(name).append(' ').append(value).append('\n');
    }

    static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
