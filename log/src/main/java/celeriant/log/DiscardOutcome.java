package celeriant.log;

import celeriant.model.Problem;

/** What came of a trim or a delete. */
public sealed interface DiscardOutcome {
    /** Done, durably: the aggregate's version and the org's position after it. */
    record Discarded(long version, long position) implements DiscardOutcome {}

    /** Nothing was done: {@code not-found}, {@code version-conflict}, {@code keyless-events}, {@code busy}… */
    record Refused(Problem problem) implements DiscardOutcome {}
}
