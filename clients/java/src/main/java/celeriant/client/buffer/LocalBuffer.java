package celeriant.client.buffer;

import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.wire.DeviceKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Where a client keeps its identity, its sequence, what is pending, what was rejected, what was settled lately, and the
 * confirmed state of what it reads. All of it lives and vanishes together: a client that kept its key and lost its
 * sequence would fork itself.
 *
 * <p>Each method is one transaction: it happened as a whole, durably where this text says so, or not at all. All of
 * them block and throw {@link BufferException}. May be called from any thread. Every implementation passes the same
 * contract suite.
 */
public interface LocalBuffer extends AutoCloseable {
    /** Opens the store; {@code newIdentity} is asked only when there is none yet. */
    BufferContents open(Supplier<DeviceKey> newIdentity);

    /** What is in it now. */
    BufferContents contents();

    /**
     * Numbers the appends and makes them durable, in the order given; returns those. One that retries what is not in
     * the rejected list any more is left out: somebody retried it, or discarded it, sooner.
     */
    List<PendingAppend> append(List<Draft> drafts);

    /** Pending appends with a sequence above {@code sequence}, in order: what others put into the same store too. */
    List<PendingAppend> loadPending(long sequence);

    /**
     * All pending appends, in order, once whatever was being stored has ended: those of a commit whose answer was lost
     * ({@link BufferException.Unsure}) are among them, or will never be.
     */
    List<PendingAppend> loadPendingForSure();

    /** Moves the front of the queue to where it belongs. Durable. */
    void settle(Settlement settlement);

    /** Marks a pending append as given up, with the reason. Durable. */
    void giveUp(long sequence, Refusal reason);

    /** Drops a rejected append. False if there is none: it was retried, or discarded, sooner. Durable. */
    boolean discardRejected(UUID id);

    /** The log lost what came behind {@code settled} (null: everything): it is pending again, under its old numbers. */
    BufferContents rewind(After settled);

    /** A new identity: everything unsettled is numbered again from 1 under it, in its order. Durable. */
    BufferContents restamp(DeviceKey identity);

    /** Moves the confirmed state on. It can be read again from the log, so it needs no durability of its own. */
    void confirm(ConfirmedChange change);

    /** The confirmed state of an aggregate; empty if nothing of it was read. */
    Optional<StoredAggregate> loadAggregate(AggregateId aggregate);

    /** Kept events of an aggregate behind a version, in order. */
    List<RecordedEvent> loadHistory(AggregateId aggregate, long after, int limit);

    /** Kept appends that landed behind {@code position}, in order: those that are settled and not read back yet. */
    List<KeptAppend> loadKept(long position);

    /** Drops kept appends that were settled before this time. */
    void pruneKept(long beforeMillis);

    /** Releases the store. What is in it stays. */
    @Override
    void close();
}
