package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.AppendResult;
import celeriant.model.Event;
import celeriant.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The verdict that an append once got: what a repeat of it is answered. */
public sealed interface SettledAppend {
    UUID id();

    /** What the repeat is answered. */
    AppendResult again();

    /**
     * It is in the log.
     *
     * @param lastPosition of the client's own events
     * @param versions each aggregate's version after the client's own events
     * @param tombstone what it took away; null for an append
     */
    record Recorded(
            UUID id,
            long sequence,
            long firstPosition,
            long lastPosition,
            Map<AggregateId, Long> versions,
            Tombstone tombstone)
            implements SettledAppend {
        /** Whether it may have been an append of these events: told by what both name, not by the events' data. */
        boolean mayBeOf(List<Event> events) {
            return tombstone == null
                    && events.stream().allMatch(event -> versions.containsKey(event.aggregate()))
                    && events.stream().map(Event::aggregate).distinct().count() == versions.size();
        }

        @Override
        public AppendResult again() {
            return new AppendResult.Duplicate(id, sequence, firstPosition, lastPosition, versions);
        }
    }

    /** It was refused for good. */
    record Refused(UUID id, long sequence, Problem problem) implements SettledAppend {
        @Override
        public AppendResult again() {
            return new AppendResult.Rejected(id, sequence, problem);
        }
    }
}
