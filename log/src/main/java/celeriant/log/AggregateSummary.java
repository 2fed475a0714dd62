package celeriant.log;

import celeriant.model.AggregateId;

/**
 * One aggregate at a glance.
 *
 * @param version of its latest event (a tombstone counts)
 * @param firstVersion of the first event that is still there; above {@code version} if none is
 * @param count events that are still there
 * @param recordedAtMillis when its latest event was recorded
 * @param exists false once deleted, until it is created again
 * @param recreatable whether a deleted one may be created again
 */
public record AggregateSummary(
        AggregateId aggregate,
        long version,
        long firstVersion,
        long count,
        long recordedAtMillis,
        boolean exists,
        boolean recreatable) {}
