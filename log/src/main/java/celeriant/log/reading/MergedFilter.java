package celeriant.log.reading;

import celeriant.log.MergedRead;
import celeriant.log.sequencer.Tombstone;
import celeriant.model.AggregateId;
import celeriant.model.Names;
import celeriant.model.RecordedEvent;
import java.util.Set;

/**
 * Which events of the merged log a read is shown: those of any of its aggregates or types, and of any of its event
 * types. Without aggregates and types it is everything but the system's own types, which show only when named. A
 * tombstone passes whatever the event types, because a reader that is not told would keep what is gone; so does, where
 * it is asked for, what changes the access of a covered aggregate. Immutable.
 */
public record MergedFilter(Set<AggregateId> aggregates, Set<String> types, Set<String> eventTypes, boolean withAccess) {
    public static MergedFilter of(MergedRead read) {
        return new MergedFilter(read.aggregates(), read.types(), read.eventTypes(), read.withAccess());
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
        return ofType && covers(aggregate) || withAccess && isBesideCovered(aggregate);
    }

    private boolean isBesideCovered(AggregateId aggregate) {
        return Names.isBeside(aggregate.type())
                && covers(new AggregateId(Names.besideOf(aggregate.type()), aggregate.id()));
    }
}
