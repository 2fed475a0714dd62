package celeriant.log.sequencer;

import celeriant.log.AggregateSummary;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;

/**
 * What decisions need to know of one aggregate; {@link #after} is the only place where an event changes it, so every
 * engine and its rebuilt index agree. Immutable.
 *
 * @param version of its latest event, tombstones included; 0 = never existed
 * @param exists created, and not deleted since
 * @param recreatable whether it may be created (again)
 * @param createdVersion of the first event since it was created (again), there or not; {@code version + 1} while
 *     deleted
 * @param firstVersion of the first event that is still there; {@code version + 1} if none is; above
 *     {@code createdVersion} once trimmed
 * @param lastKeylessVersion of the latest application event without a key that is still there, 0 if none
 * @param snapshotVersion of the published snapshot, 0 if none
 * @param recordedAtMillis of its latest event
 */
public record AggregateHead(
        long version,
        boolean exists,
        boolean recreatable,
        long createdVersion,
        long firstVersion,
        long lastKeylessVersion,
        long snapshotVersion,
        long recordedAtMillis) {
    /** An aggregate that never existed. */
    public static final AggregateHead ABSENT = new AggregateHead(0, false, true, 1, 1, 0, 0, 0);

    /** The head after the aggregate's next event. */
    public AggregateHead after(RecordedEvent recorded) {
        long next = recorded.version();
        if (next != version + 1) {
            throw new IllegalArgumentException("version " + next + " does not follow " + version);
        }
        long at = recorded.recordedAtMillis();
        return switch (Tombstone.of(recorded.event())) {
            case Tombstone.Deleted deleted ->
                new AggregateHead(next, false, deleted.recreate(), next + 1, next + 1, 0, 0, at);
            case Tombstone.Trimmed trimmed -> {
                long keyless = lastKeylessVersion < trimmed.firstVersion() ? 0 : lastKeylessVersion;
                long snapshot = trimmed.keepsSnapshot() ? snapshotVersion : 0;
                yield new AggregateHead(
                        next, exists, recreatable, createdVersion, trimmed.firstVersion(), keyless, snapshot, at);
            }
            case null -> {
                long keyless = isKeyless(recorded) ? next : lastKeylessVersion;
                yield new AggregateHead(next, true, true, createdVersion, firstVersion, keyless, snapshotVersion, at);
            }
        };
    }

    /** The head once a snapshot of that version is published. */
    public AggregateHead withSnapshot(long newSnapshotVersion) {
        return new AggregateHead(
                version,
                exists,
                recreatable,
                createdVersion,
                firstVersion,
                lastKeylessVersion,
                newSnapshotVersion,
                recordedAtMillis);
    }

    /** Whether events of it were trimmed away since it was created. */
    public boolean isTrimmed() {
        return firstVersion > createdVersion;
    }

    /**
     * The lowest version that a snapshot may be of: the events behind it must all be there, and none of those before it
     * may have been deleted.
     */
    long snapshotVersionMin() {
        return Math.max(createdVersion, firstVersion - 1);
    }

    /** Events that are still there. */
    public long count() {
        return version - firstVersion + 1;
    }

    public AggregateSummary summary(AggregateId aggregate) {
        return new AggregateSummary(aggregate, version, firstVersion, count(), recordedAtMillis, exists, recreatable);
    }

    /**
     * Whether an event is an application's and sets no register: only a snapshot can carry what it says past a trim.
     */
    public static boolean isKeyless(RecordedEvent recorded) {
        return recorded.event().key() == null
                && !Tombstone.isTombstone(recorded.event().type());
    }
}
