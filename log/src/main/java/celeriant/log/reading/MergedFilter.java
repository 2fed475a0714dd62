package celeriant.log.reading;

import celeriant.log.MergedRead;
import celeriant.log.sequencer.Tombstone;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.Set;

/**
 * Which events of the merged log a read is shown: those of any of its aggregates or types, and of any of its event
 * types. Without aggregates and types it is everything but the system's own types, which show only when named. A
 * tombstone passes whatever the event types, because a reader that is not told would keep what is gone. Immutable.
 */
public record MergedFilter(Set<AggregateId> aggregates, Set<String> types, Set<String> eventTypes) {
    public static MergedFilter of(MergedRead read) {
        return new MergedFilter(read.aggregates(), read.types(), read.eventTypes());
    }

    /** Whether any event of the aggregate may pass. */
    public boolean covers(AggregateId aggregate) {
        if (aggregates.isEmpty() && types.isEmpty()) {
            return !aggregate.isSystem();
        }
        return types.contains(aggregate.type()) || aggregates.contains(aggregate);
    }

    public boolean passes(RecordedEvent recorded) {
        return passes(recorded.event().aggregate(), recorded.event().type());
    }

    /** The same, for an engine that looks before it decodes the whole event. */
    public boolean passes(AggregateId aggregate, String eventType) {
        boolean ofType = eventTypes.isEmpty() || eventTypes.contains(eventType) || Tombstone.isTombstone(eventType);
        return ofType && covers(aggregate);
    }
}
