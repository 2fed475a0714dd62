package celeriant.log;

import celeriant.model.Problem;

/** What came of publishing a snapshot. */
public sealed interface SnapshotOutcome {
    /** Stored, durably; {@code replaced}: there was one before. */
    record Stored(boolean replaced) implements SnapshotOutcome {}

    /** Not stored: {@code bad-request} (above the current version), {@code version-conflict} (below the stored one)… */
    record Refused(Problem problem) implements SnapshotOutcome {}
}
