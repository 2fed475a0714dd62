package celeriant.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The unit of atomicity and of idempotency: 1..n events to 1..m aggregates of one org, all or nothing.
 *
 * <p>It has a sequence (a local-first, unconditional append) or expected versions (an online one) or neither; never
 * both. An append whose own events are at fault still takes its place in the order: it arrives here with its
 * {@code fault}, and with a sequence it is settled as rejected for good. A client gives an append up in the same way,
 * with the fault {@link ErrorCode#VOID}.
 *
 * @param sequence the client's own number for it in this org, 1 or more; 0 = it has none
 * @param expected preconditions by aggregate; empty = unconditional
 * @param fault what was wrong with it on arrival, or null; then {@code events} is empty
 */
public record Append(
        UUID id, long sequence, List<Event> events, Map<AggregateId, ExpectedVersion> expected, Problem fault) {
    public Append {
        Objects.requireNonNull(id, "id");
        events = List.copyOf(events);
        expected = Map.copyOf(expected);
        if (sequence < 0) {
            throw new IllegalArgumentException("a sequence is 1 or more (0: none), not " + sequence);
        }
        if (sequence > 0 && !expected.isEmpty()) {
            throw new IllegalArgumentException("an append has a sequence or expected versions, not both");
        }
        if (events.isEmpty() == (fault == null)) {
            throw new IllegalArgumentException("an append has at least one event, unless it arrived with a fault");
        }
    }

    /** A local-first append. */
    public static Append sequenced(UUID id, long sequence, List<Event> events) {
        return new Append(id, sequence, events, Map.of(), null);
    }

    /** An online append, conditional if {@code expected} is not empty. */
    public static Append online(UUID id, List<Event> events, Map<AggregateId, ExpectedVersion> expected) {
        return new Append(id, 0, events, expected, null);
    }

    /** An append that arrived with a fault of its own. */
    public static Append faulty(UUID id, long sequence, Problem fault) {
        return new Append(id, sequence, List.of(), Map.of(), fault);
    }
}
