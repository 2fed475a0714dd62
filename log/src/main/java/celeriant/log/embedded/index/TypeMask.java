package celeriant.log.embedded.index;

import celeriant.log.reading.MergedFilter;
import celeriant.model.AggregateId;
import celeriant.model.Names;
import celeriant.model.RecordedEvent;
import java.util.List;

/**
 * Which types a {@link Run} of records holds, so that a read that wants others need not look into it: one bit for each
 * aggregate's type in the lower half of a long, one for each event's type in the upper half. Types share bits; a set
 * bit proves nothing, a clear one does. The bits stand in the index.
 */
public final class TypeMask {
    private static final int BITS = 32;
    private static final long AGGREGATE_TYPES = (1L << BITS) - 1;
    private static final long EVENT_TYPES = ~AGGREGATE_TYPES;

    private TypeMask() {}

    /** Of an append's events. */
    public static long of(List<RecordedEvent> events) {
        long mask = 0;
        String aggregateType = "";
        String eventType = "";
        for (RecordedEvent recorded : events) {
            if (!recorded.event().aggregate().type().equals(aggregateType)) {
                aggregateType = recorded.event().aggregate().type();
                mask |= ofAggregateType(aggregateType);
            }
            if (!recorded.event().type().equals(eventType)) {
                eventType = recorded.event().type();
                mask |= ofEventType(eventType);
            }
        }
        return mask;
    }

    /** What may pass a filter. */
    public static long wanted(MergedFilter filter) {
        return wantedAggregateTypes(filter) | wantedEventTypes(filter);
    }

    private static long wantedAggregateTypes(MergedFilter filter) {
        if (filter.aggregates().isEmpty() && filter.types().isEmpty()) {
            return AGGREGATE_TYPES;
        }
        long mask = 0;
        for (String type : filter.types()) {
            mask |= withBeside(type, filter.withAccess());
        }
        for (AggregateId aggregate : filter.aggregates()) {
            mask |= withBeside(aggregate.type(), filter.withAccess());
        }
        return mask;
    }

    private static long withBeside(String type, boolean withAccess) {
        return ofAggregateType(type) | (withAccess ? ofAggregateType(Names.besideTypeOf(type)) : 0);
    }

    private static long wantedEventTypes(MergedFilter filter) {
        if (filter.eventTypes().isEmpty() || filter.withAccess()) {
            return EVENT_TYPES;
        }
        long mask = ofEventType(Names.DELETED) | ofEventType(Names.TRIMMED);
        for (String type : filter.eventTypes()) {
            mask |= ofEventType(type);
        }
        return mask;
    }

    /** Whether something in a run of that mask may be wanted. */
    public static boolean mayHold(long mask, long wanted) {
        long both = mask & wanted;
        return (both & AGGREGATE_TYPES) != 0 && (both & EVENT_TYPES) != 0;
    }

    private static long ofAggregateType(String type) {
        return 1L << bit(type);
    }

    private static long ofEventType(String type) {
        return 1L << BITS + bit(type);
    }

    private static int bit(String type) {
        int hash = type.hashCode();
        return (hash ^ hash >>> 5 ^ hash >>> 16) & BITS - 1;
    }
}
