package celeriant.model;

import java.util.Map;
import java.util.UUID;

/** The verdict on one append. The expected outcomes are values; "unknown" is neither of them but an exception. */
public sealed interface AppendResult {
    UUID id();

    /** The append's sequence, or 0. */
    long sequence();

    /**
     * It is in the log now.
     *
     * @param versions each aggregate's version after it
     */
    record Appended(UUID id, long sequence, long firstPosition, long lastPosition, Map<AggregateId, Long> versions)
            implements AppendResult {}

    /** The same append was in the log already, durably, at these places. */
    record Duplicate(UUID id, long sequence, long firstPosition, long lastPosition, Map<AggregateId, Long> versions)
            implements AppendResult {}

    /** An expected version did not match: nothing is settled. {@code expected} 0 = must not exist. */
    record Conflict(UUID id, AggregateId aggregate, long expected, long actual) implements AppendResult {
        @Override
        public long sequence() {
            return 0;
        }
    }

    /** Refused: for good if it has a sequence, else nothing is kept and its id may be used again. */
    record Rejected(UUID id, long sequence, Problem problem) implements AppendResult {}
}
