package celeriant.client.buffer;

import celeriant.model.Event;
import java.util.List;
import java.util.UUID;

/**
 * What an application wants appended, before it has its sequence.
 *
 * @param createdAtMillis by this device's clock; for showing ages only
 * @param retries the rejected append that this one takes the place of, which leaves the rejected list in the same
 *     transaction; null if there is none
 */
public record Draft(UUID id, List<Event> events, long createdAtMillis, UUID retries) {
    public Draft {
        events = List.copyOf(events);
    }
}
