package celeriant.model;

import java.util.Objects;
import java.util.UUID;

/**
 * An event as the log holds it.
 *
 * @param event the fact; its id is never null here
 * @param version its place in its aggregate: 1, 2, 3… without gaps
 * @param position its place in its org's merged log: 1, 2, 3… without gaps
 * @param client who appended it
 * @param append the id of the append that it came in
 * @param sequence that append's sequence, or 0 if it had none
 * @param recordedAtMillis when the log recorded it, milliseconds since 1970-01-01T00:00Z by the server's clock
 */
public record RecordedEvent(
        Event event, long version, long position, ClientId client, UUID append, long sequence, long recordedAtMillis) {
    public RecordedEvent {
        Objects.requireNonNull(event.id(), "a recorded event has an id");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(append, "append");
    }
}
