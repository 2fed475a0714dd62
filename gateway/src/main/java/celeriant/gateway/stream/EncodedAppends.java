package celeriant.gateway.stream;

import celeriant.gateway.read.EventFilter;
import celeriant.model.RecordedEvent;
import celeriant.wire.EventWriter;
import celeriant.wire.JsonBytes;
import java.util.List;

/**
 * One or more whole appends that follow each other in an org's log, with their JSON: encoded once, by whoever needs it
 * first, for all subscribers. Immutable but for that. Any thread.
 */
final class EncodedAppends {
    private static final int OVERHEAD_BYTES = 400;

    private final List<RecordedEvent> events;
    private final long last;
    private final long bytes;
    private final boolean endsBlock;
    private volatile Json json;

    /** The events' JSON one behind the other; {@code ends[i]} is where the i-th ends. */
    private record Json(byte[] bytes, int[] ends) {}

    /** {@code endsBlock}: what is read of the log in pieces ends a piece here. */
    EncodedAppends(List<RecordedEvent> events, boolean endsBlock) {
        this.events = events;
        this.endsBlock = endsBlock;
        this.last = events.get(events.size() - 1).position();
        this.bytes = events.stream().mapToLong(recorded -> sizeOf(recorded)).sum();
    }

    /** About how much memory an event takes here, with its JSON. */
    static long sizeOf(RecordedEvent recorded) {
        return OVERHEAD_BYTES + 2L * recorded.event().data().bytes().length;
    }

    List<RecordedEvent> events() {
        return events;
    }

    long first() {
        return events.get(0).position();
    }

    long last() {
        return last;
    }

    /** What of it comes behind {@code position}, which lies in it. */
    EncodedAppends behind(long position) {
        int from = 0;
        while (events.get(from).position() <= position) {
            from++;
        }
        return new EncodedAppends(events.subList(from, events.size()), endsBlock);
    }

    boolean endsBlock() {
        return endsBlock;
    }

    /** About how much memory it takes. */
    long bytes() {
        return bytes;
    }

    /** Writes the events that {@code filter} shows as elements of an array that is open. */
    void write(EventFilter filter, JsonBytes out) {
        Json encoded = json();
        for (int i = 0; i < events.size(); i++) {
            if (filter.passes(events.get(i))) {
                out.element().raw(encoded.bytes(), i == 0 ? 0 : encoded.ends()[i - 1], encoded.ends()[i]);
            }
        }
    }

    private Json json() {
        Json known = json;
        if (known == null) {
            JsonBytes out = new JsonBytes((int) Math.min(bytes, Integer.MAX_VALUE / 2));
            int[] ends = new int[events.size()];
            for (int i = 0; i < ends.length; i++) {
                EventWriter.write(events.get(i), out);
                ends[i] = out.length();
            }
            known = new Json(out.toByteArray(), ends);
            json = known;
        }
        return known;
    }
}
