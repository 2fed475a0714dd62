package celeriant.client.buffer;

import celeriant.model.Event;
import java.util.List;
import java.util.UUID;

/** An append that the log refused for good; it waits here to be retried or discarded. */
public record RejectedAppend(
        long sequence, UUID id, List<Event> events, Refusal reason, long createdAtMillis, long rejectedAtMillis) {
    public RejectedAppend {
        events = List.copyOf(events);
    }
}
