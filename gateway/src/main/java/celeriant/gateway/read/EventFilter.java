package celeriant.gateway.read;

import celeriant.gateway.access.AccessNames;
import celeriant.log.MergedRead;
import celeriant.model.AggregateId;
import celeriant.model.Names;
import celeriant.model.RecordedEvent;
import java.util.Set;

/**
 * Which live events a reader asked for; the same rule by which the log filters its pages. Tombstones pass whatever the
 * event types. Immutable.
 */
public record EventFilter(Set<AggregateId> aggregates, Set<String> types, Set<String> eventTypes) {
    private static final Set<String> TOMBSTONES = Set.of(Names.DELETED, Names.TRIMMED);

    public static EventFilter of(MergedQuery query) {
        return new EventFilter(query.aggregates(), query.types(), query.eventTypes());
    }

    static EventFilter of(MergedRead read) {
        return new EventFilter(read.aggregates(), read.types(), read.eventTypes());
    }

    /** Whether it names any of the system's. */
    boolean namesSystem() {
        return types.stream().anyMatch(type -> type.startsWith("$"))
                || aggregates.stream().anyMatch(AggregateId::isSystem);
    }

    public boolean passes(RecordedEvent recorded) {
        String type = recorded.event().type();
        return (eventTypes.isEmpty() || eventTypes.contains(type) || TOMBSTONES.contains(type))
                && covers(recorded.event().aggregate());
    }

    /** Whether it is about the access of an aggregate that this covers. */
    public boolean isBesideCovered(AggregateId aggregate) {
        return AccessNames.isBeside(aggregate) && covers(AccessNames.subject(aggregate));
    }

    /** Whether events of the aggregate may pass. */
    public boolean covers(AggregateId aggregate) {
        if (aggregates.isEmpty() && types.isEmpty()) {
            return !aggregate.isSystem();
        }
        return types.contains(aggregate.type()) || aggregates.contains(aggregate);
    }
}
