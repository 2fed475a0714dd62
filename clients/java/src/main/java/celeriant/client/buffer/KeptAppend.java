package celeriant.client.buffer;

import celeriant.model.Event;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A settled append of this device's, kept so that it can be shown until it is read back, and sent again if the log
 * loses it.
 *
 * @param client the id under which it was pushed
 * @param events empty if it was rejected: all that would be sent again is that its sequence is settled
 * @param confirmation null if it was rejected
 */
public record KeptAppend(
        long sequence, UUID id, String client, List<Event> events, Confirmation confirmation, long settledAtMillis) {
    private static final Refusal LOST_REJECTION =
            new Refusal("void", 410, "rejected before, and the log lost the rejection", Map.of());

    public KeptAppend {
        events = List.copyOf(events);
    }

    /** As it goes to the queue again: with its events, or as void when all it did was to be rejected. */
    PendingAppend pendingAgain() {
        return new PendingAppend(sequence, id, events, settledAtMillis, confirmation == null ? LOST_REJECTION : null);
    }
}
