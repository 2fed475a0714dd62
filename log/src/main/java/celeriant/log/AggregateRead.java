package celeriant.log;

import java.util.Set;

/**
 * Which part of an aggregate to read.
 *
 * @param after exclusive version
 * @param to inclusive version; {@link Long#MAX_VALUE} = to its end
 * @param limit events in the page at most
 * @param bytesMax payload bytes after which the page ends early; it holds one event at least
 * @param eventTypes only these; empty = all
 */
public record AggregateRead(long after, long to, int limit, int bytesMax, Set<String> eventTypes) {
    public AggregateRead {
        eventTypes = Set.copyOf(eventTypes);
        if (after < 0 || limit < 1 || bytesMax < 1) {
            throw new IllegalArgumentException("after is 0 or more, limit and bytesMax 1 or more");
        }
    }
}
