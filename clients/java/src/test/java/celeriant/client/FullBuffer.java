package celeriant.client;

import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.ConfirmedChange;
import celeriant.client.buffer.Draft;
import celeriant.client.buffer.KeptAppend;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.PendingAppend;
import celeriant.client.buffer.Refusal;
import celeriant.client.buffer.Settlement;
import celeriant.client.buffer.StoredAggregate;
import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.wire.DeviceKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** A buffer whose store can be full. */
final class FullBuffer implements LocalBuffer {
    volatile boolean isFull;
    /** The next append is stored, and then said to have failed. */
    volatile boolean breaksBehind;

    /** The store cannot be asked what it holds. */
    volatile boolean isGone;

    volatile Runnable beforeSettling = () -> {};
    /** Appends wait for this. */
    volatile CountDownLatch appending = new CountDownLatch(0);

    private final LocalBuffer inner;

    FullBuffer(LocalBuffer inner) {
        this.inner = inner;
    }

    @Override
    public List<PendingAppend> append(List<Draft> drafts) {
        if (isFull) {
            throw new BufferException.Failed("the disk is full", null);
        }
        await();
        List<PendingAppend> stored = inner.append(drafts);
        if (breaksBehind) {
            breaksBehind = false;
            throw new BufferException.Unsure("the connection broke behind the commit", null);
        }
        return stored;
    }

    private void await() {
        try {
            appending.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public BufferContents open(Supplier<DeviceKey> newIdentity) {
        return inner.open(newIdentity);
    }

    @Override
    public BufferContents contents() {
        return inner.contents();
    }

    @Override
    public List<PendingAppend> loadPending(long sequence) {
        if (isGone) {
            throw new BufferException.Failed("there is no connection", null);
        }
        return inner.loadPending(sequence);
    }

    @Override
    public List<PendingAppend> loadPendingForSure() {
        return loadPending(0);
    }

    @Override
    public void settle(Settlement settlement) {
        beforeSettling.run();
        inner.settle(settlement);
    }

    @Override
    public void giveUp(long sequence, Refusal reason) {
        inner.giveUp(sequence, reason);
    }

    @Override
    public boolean discardRejected(UUID id) {
        return inner.discardRejected(id);
    }

    @Override
    public BufferContents rewind(After settled) {
        return inner.rewind(settled);
    }

    @Override
    public BufferContents restamp(DeviceKey identity) {
        return inner.restamp(identity);
    }

    @Override
    public void confirm(ConfirmedChange change) {
        inner.confirm(change);
    }

    @Override
    public Optional<StoredAggregate> loadAggregate(AggregateId aggregate) {
        return inner.loadAggregate(aggregate);
    }

    @Override
    public List<RecordedEvent> loadHistory(AggregateId aggregate, long after, int limit) {
        return inner.loadHistory(aggregate, after, limit);
    }

    @Override
    public List<KeptAppend> loadKept(long position) {
        return inner.loadKept(position);
    }

    @Override
    public void pruneKept(long beforeMillis) {
        if (isFull) {
            throw new BufferException.Failed("the disk is full", null);
        }
        inner.pruneKept(beforeMillis);
    }

    @Override
    public void close() {
        inner.close();
    }
}
