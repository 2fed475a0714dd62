package celeriant.gateway.metrics;

import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.model.RecordedEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts, and shows them as Prometheus reads them. Any thread. */
public final class Metrics implements EventLog.Tail {
    private static final List<String> METHODS =
            List.of("POST", "GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "other");
    private static final int STATUS_MAX = 600;

    /** By method and status; made when the first of its kind is counted. */
    private final AtomicReferenceArray<LongAdder> requests = new AtomicReferenceArray<>(METHODS.size() * STATUS_MAX);

    private final Times times = new Times();
    private final LongAdder events = new LongAdder();
    private final LongAdder groups = new LongAdder();
    private final Map<String, Gauge> gauges = new ConcurrentSkipListMap<>();

    private record Gauge(String help, LongSupplier value) {}

    /** When a request began, for {@link #answered}. */
    public long now() {
        return Clock.nanos();
    }

    /** A request was answered, or its answer begun. */
    public void answered(String method, int status, long beganNanos) {
        int known = METHODS.indexOf(method);
        int kind = (known < 0 ? METHODS.size() - 1 : known) * STATUS_MAX + status;
        LongAdder count = requests.get(kind);
        if (count == null) {
            requests.compareAndSet(kind, null, new LongAdder());
            count = requests.get(kind);
        }
        count.increment();
        times.record(Clock.nanos() - beganNanos);
    }

    /** Shows {@code value} under {@code name}, behind {@code celeriant_}. */
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
        StringBuilder text = new StringBuilder();
        Exposition out = new Exposition("celeriant_", text);
        showRequests(out);
        times.show(out, "request_seconds", "From a request's head to its answer's; of streams the beginning.");
        out.counter("events_total", "Events recorded, the system's included.", events.sum());
        out.counter("record_groups_total", "Times that recorded events were handed on.", groups.sum());
        gauges.forEach(
                (name, gauge) -> out.gauge(name, gauge.help(), gauge.value().getAsLong()));
        log.measure(new Exposition("celeriant_log_", text));
        ProcessMeasures.show(new Exposition("", text));
        return text.toString();
    }

    private void showRequests(Exposition out) {
        out.head("requests_total", "counter", "Requests answered.");
        for (int kind = 0; kind < requests.length(); kind++) {
            LongAdder count = requests.get(kind);
            if (count != null) {
                String labels =
                        "{method=\"" + METHODS.get(kind / STATUS_MAX) + "\",status=\"" + kind % STATUS_MAX + "\"}";
                out.sample("requests_total", labels, count.sum());
            }
        }
    }
}
