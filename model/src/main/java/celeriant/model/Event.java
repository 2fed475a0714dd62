package celeriant.model;

import java.util.Objects;
import java.util.UUID;

/**
 * A fact to append.
 *
 * @param id the event's own id; null: the log gives it one
 * @param typeVersion the version of the event type's shape, or null
 * @param key the name of the register that this event sets, or null; 1 to 512 bytes of UTF-8
 * @param time when it happened by the client's clock, RFC 3339 as sent, or null; data only, it decides nothing
 * @param encryption how the data is sealed, or null
 */
public record Event(
        UUID id,
        AggregateId aggregate,
        String type,
        String typeVersion,
        String key,
        EventData data,
        String time,
        Encryption encryption) {
    public Event {
        Objects.requireNonNull(aggregate, "aggregate");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(data, "data");
    }

    /** An event with only what every event has. */
    public static Event of(AggregateId aggregate, String type, EventData data) {
        return new Event(null, aggregate, type, null, null, data, null, null);
    }

    /** An event that sets the register {@code key}. */
    public static Event keyed(AggregateId aggregate, String type, String key, EventData data) {
        return new Event(null, aggregate, type, null, key, data, null, null);
    }

    /** The same event under {@code id}. */
    public Event withId(UUID newId) {
        return new Event(newId, aggregate, type, typeVersion, key, data, time, encryption);
    }
}
