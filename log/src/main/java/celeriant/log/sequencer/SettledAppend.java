package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.AppendResult;
import celeriant.model.Problem;
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
     */
    record Recorded(UUID id, long sequence, long firstPosition, long lastPosition, Map<AggregateId, Long> versions)
            implements SettledAppend {
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
