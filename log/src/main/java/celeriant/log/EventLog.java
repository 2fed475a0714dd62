package celeriant.log;

import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * An ordered, durable event log with many orgs, each a merged log of its own with many aggregates.
 *
 * <p>Everything that is answered, read or subscribed to is durable: readers never see what is not synced. Writes are
 * asynchronous and are completed on the writer's thread, so a continuation must be short or hop elsewhere. Reads block
 * (they may touch the disk) and may be called from any number of threads at once. A write whose stage fails with
 * {@link OutcomeUnknownException} may have landed: send the same again. One that fails with
 * {@link StorageFailedException} has met a log that takes no more appends.
 */
public interface EventLog extends AutoCloseable {
    /** Settles the appends of one request in order; see {@link AppendOutcome}. */
    CompletionStage<AppendOutcome> append(AppendRequest request);

    /** Drops an aggregate's events below a version; records {@code $trimmed}. */
    CompletionStage<DiscardOutcome> trim(TrimRequest request);

    /** Deletes an aggregate; records {@code $deleted}. */
    CompletionStage<DiscardOutcome> delete(DeleteRequest request);

    /** Stores a snapshot that an application made; see {@link SnapshotOutcome}. */
    CompletionStage<SnapshotOutcome> putSnapshot(SnapshotRequest request);

    /** A client's latest settled sequenced append in an org; empty if the log has not seen it. */
    Optional<ClientHead> clientHead(String org, ClientId client);

    /** Where the org's merged log ends, and its hash there. An org that nothing was appended to is at 0. */
    LogHead head(String org);

    /**
     * The hash of the org's chain after the append that ends at or before {@code position}; empty if beyond the head.
     */
    Optional<String> hashAt(String org, long position);

    /** The orgs that hold anything, in the order of their names. */
    List<String> orgs();

    /** The types of the aggregates that exist in an org, system types included, in the order of their names. */
    List<String> types(String org);

    /**
     * Aggregates of a type in the order of their ids, those that exist only; {@code afterId} is exclusive, "" = first.
     */
    List<AggregateSummary> aggregates(String org, String type, String afterId, int limit);

    /** One aggregate, deleted ones included ({@link AggregateSummary#exists}); empty if it never existed. */
    Optional<AggregateSummary> aggregate(String org, AggregateId aggregate);

    /**
     * A page of one aggregate's events in the order of their versions. Where a trim or a delete took what comes next,
     * it begins with the first that is still there: whoever must not miss any compares {@link EventPage#firstVersion}.
     */
    EventPage readAggregate(String org, AggregateId aggregate, AggregateRead read);

    /** A page of the merged log in the order of positions, ending between appends. */
    EventPage readMerged(String org, MergedRead read);

    /**
     * The registers of an aggregate now, each key's in its order, and its snapshot. Costs its keys, not its history.
     * Empty if it does not exist.
     */
    Optional<AggregateState> state(String org, AggregateId aggregate);

    /**
     * The same as of a version. Costs a read of the history up to there. Empty if it does not exist or has not reached
     * that version.
     *
     * @throws TrimmedException if that version, or a value that a register had then, was trimmed away, or may have
     *     been: behind a trim, nothing tells whether a register that is first set after that version had a value before
     */
    Optional<AggregateState> stateAt(String org, AggregateId aggregate, long version);

    /** One register of an aggregate now; empty if it is not set or the aggregate does not exist. */
    Optional<Register> register(String org, AggregateId aggregate, String key);

    /** The published snapshot of an aggregate. */
    Optional<Snapshot> snapshot(String org, AggregateId aggregate);

    /**
     * Catch-up from {@code read.after()}, then live, one pull at a time; the caller owns it and closes it. The read's
     * limit bounds each pull.
     */
    Subscription subscribe(String org, MergedRead read);

    /**
     * Tells {@code tail} of every append from now on, in the order of each org's log, once it is durable and can be
     * read. Runs on the writer's thread: take note, return. What a tail throws is logged, and it is not told of that
     * append again; the log and other tails go on.
     */
    Registration follow(Tail tail);

    /** Whether appends are taken, and if not, why. */
    LogHealth health();

    /** Tells what the log measures about itself; nothing if it measures nothing or is closed. Cheap, does not block. */
    default void measure(Measures into) {}

    /**
     * Finishes what was taken, then stops. Appends that arrive later are answered {@code busy}. Not from a continuation
     * or a tail: these run on the writer's thread, which this waits for.
     */
    @Override
    void close();

    /** Hears of appends as they become durable. Confined to the writer's thread. */
    interface Tail {
        /**
         * {@code events} are one or more whole appends of {@code org}, in order; {@code head} is the org's new head.
         */
        void appended(String org, List<RecordedEvent> events, LogHead head);
    }

    /** Ends what was registered. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
