package celeriant.log.sequencer;

import celeriant.log.Admission;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.DeleteRequest;
import celeriant.log.DiscardOutcome;
import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Decides every write of the log, for every engine: what is recorded, what is answered. A function of the view, the
 * request, the time and the source of ids alone; what it decides it applies to the overlay that it is given, so that
 * the next decision sees it. The engine makes {@link Decision#records} durable and only then answers.
 *
 * <p>Confined to the writer's thread (it keeps its digest).
 */
public final class Sequencer {
    private final AppendDecider appends;
    private final DiscardDecider discards;
    private final SnapshotDecider snapshots;

    /**
     * @param admission asked before an append is settled
     * @param ids gives an id to events, trims and deletes that come without one; each value once
     */
    public Sequencer(Admission admission, Supplier<UUID> ids) {
        RecordFactory records = new RecordFactory(ids);
        this.appends = new AppendDecider(admission, records);
        this.discards = new DiscardDecider(admission, records);
        this.snapshots = new SnapshotDecider(admission);
    }

    /** Decides the appends of one request in their order. */
    public Decision<AppendOutcome> decide(Overlay view, AppendRequest request, long nowMillis) {
        return appends.decide(view, request, nowMillis);
    }

    /** Decides a trim. */
    public Decision<DiscardOutcome> decide(Overlay view, TrimRequest request, long nowMillis) {
        return discards.decide(view, request, nowMillis);
    }

    /** Decides a delete. */
    public Decision<DiscardOutcome> decide(Overlay view, DeleteRequest request, long nowMillis) {
        return discards.decide(view, request, nowMillis);
    }

    /** Decides whether a snapshot is stored. */
    public Decision<SnapshotOutcome> decide(Overlay view, SnapshotRequest request, long nowMillis) {
        return snapshots.decide(view, request, nowMillis);
    }
}
