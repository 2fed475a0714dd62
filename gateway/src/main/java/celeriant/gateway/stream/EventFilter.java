package celeriant.gateway.stream;

import celeriant.gateway.read.MergedQuery;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.Set;

/**
 * Which live events a subscriber is shown; the same rule by which the log filters its pages. Tombstones pass whatever
 * the event types. Immutable.
 */
record EventFilter(Set<AggregateId> aggregates, Set<String> types, Set<String> eventTypes) {
    private static final Set<String> TOMBSTONES = Set.of("$deleted", "$trimmed");

    static EventFilter of(MergedQuery query) {
        return new EventFilter(query.aggregates(), query.types(), query.eventTypes());
    }

    /** Whether it shows everything but the system's types. */
    boolean isPlain() {
        return aggregates.isEmpty() && types.isEmpty() && eventTypes.isEmpty();
    }

    boolean passes(RecordedEvent recorded) {
        String type = recorded.event().type();
        return (eventTypes.isEmpty() || eventTypes.contains(type) || TOMBSTONES.contains(type))
                && covers(recorded.event().aggregate());
    }

    boolean covers(AggregateId aggregate) {
        if (aggregates.isEmpty() && types.isEmpty()) {
            return !aggregate.isSystem();
        }
        return types.contains(aggregate.type()) || aggregates.contains(aggregate);
    }
}
