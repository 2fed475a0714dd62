package celeriant.log;

import celeriant.model.AggregateId;
import java.util.Set;

/**
 * Which part of an org's merged log to read: events of any of the aggregates or types (both empty: all but the system's
 * types, which show only when named), and of any of the event types (empty: all). The tombstones {@code $deleted} and
 * {@code $trimmed} of what falls under the filter pass it whatever the event types.
 *
 * @param after exclusive position
 * @param to inclusive position; {@link Long#MAX_VALUE} = up to the head
 * @param limit events in the page at most, but for the rest of the append that reaches it
 * @param bytesMax payload bytes after which the page ends early, between appends
 * @param withAccess whether the aggregates {@code $access.<type>/<id>} beside those that the filter covers show as
 *     well, whatever the event types: who follows a reader's rights needs them in their order
 */
public record MergedRead(
        long after,
        long to,
        int limit,
        int bytesMax,
        Set<AggregateId> aggregates,
        Set<String> types,
        Set<String> eventTypes,
        boolean withAccess) {
    public MergedRead {
        aggregates = Set.copyOf(aggregates);
        types = Set.copyOf(types);
        eventTypes = Set.copyOf(eventTypes);
        if (after < 0 || limit < 1 || bytesMax < 1) {
            throw new IllegalArgumentException("after is 0 or more, limit and bytesMax 1 or more");
        }
    }

    /** Without the access aggregates. */
    public MergedRead(
            long after,
            long to,
            int limit,
            int bytesMax,
            Set<AggregateId> aggregates,
            Set<String> types,
            Set<String> eventTypes) {
        this(after, to, limit, bytesMax, aggregates, types, eventTypes, false);
    }

    /** Everything after a position, in pages of the protocol's default size. */
    public static MergedRead after(long after) {
        return new MergedRead(after, Long.MAX_VALUE, 100, 4 << 20, Set.of(), Set.of(), Set.of());
    }

    /** The same read from another position. */
    public MergedRead from(long newAfter) {
        return new MergedRead(newAfter, to, limit, bytesMax, aggregates, types, eventTypes, withAccess);
    }
}
