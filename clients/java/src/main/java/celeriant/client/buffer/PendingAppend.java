package celeriant.client.buffer;

import celeriant.model.Event;
import java.util.List;
import java.util.UUID;

/**
 * An append that has its sequence and is durable here, and that no answer has settled yet.
 *
 * @param givenUp the reason if it is given up, else null: then it is sent as void, so that its sequence is settled
 */
public record PendingAppend(long sequence, UUID id, List<Event> events, long createdAtMillis, Refusal givenUp) {
    public PendingAppend {
        events = List.copyOf(events);
    }

    PendingAppend numbered(long newSequence) {
        return new PendingAppend(newSequence, id, events, createdAtMillis, givenUp);
    }

    /** The same append, to be sent as void. */
    public PendingAppend givenUpFor(Refusal reason) {
        return new PendingAppend(sequence, id, events, createdAtMillis, reason);
    }
}
