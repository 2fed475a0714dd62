package celeriant.simulation;

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
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A local buffer over a {@link Profile} that can be full, and under which the device can stop at any transaction. */
class SimulatedBuffer implements LocalBuffer {
    final Profile profile;
    final LocalBuffer stored;
    private final Laws laws;
    private final Device device;
    boolean isFull;
    /** The device stops at the transaction that is so many ahead; below 0: it does not. */
    int crashIn = -1;

    SimulatedBuffer(Profile profile, Laws laws, Device device) {
        this.profile = profile;
        this.stored = profile.read();
        this.laws = laws;
        this.device = device;
    }

    private void write(boolean durable, Consumer<LocalBuffer> change) {
        boolean stops = crashIn >= 0 && crashIn-- == 0;
        if (stops && device.chance().percent(50)) {
            throw new SimulatedCrash();
        }
        if (isFull && durable) {
            throw new BufferException.Failed("the disk is full", null);
        }
        change.accept(stored);
        profile.add(change, durable);
        if (stops) {
            throw new SimulatedCrash();
        }
    }

    @Override
    public BufferContents open(Supplier<DeviceKey> newIdentity) {
        if (profile.place() == 0) {
            DeviceKey key = newIdentity.get();
            write(true, buffer -> buffer.open(() -> key));
        }
        return stored.contents();
    }

    @Override
    public BufferContents contents() {
        return stored.contents();
    }

    @Override
    public List<PendingAppend> append(List<Draft> drafts) {
        BufferContents before = stored.contents();
        long last = before.pending().stream()
                .mapToLong(PendingAppend::sequence)
                .max()
                .orElse(0);
        write(true, buffer -> buffer.append(drafts));
        List<PendingAppend> appended = stored.loadPending(last);
        laws.numbered(device, before, drafts, appended);
        return appended;
    }

    @Override
    public List<PendingAppend> loadPending(long sequence) {
        return stored.loadPending(sequence);
    }

    @Override
    public List<PendingAppend> loadPendingForSure() {
        return stored.loadPendingForSure();
    }

    @Override
    public void settle(Settlement settlement) {
        BufferContents before = stored.contents();
        write(true, buffer -> buffer.settle(settlement));
        laws.settled(device, before, settlement, stored.contents());
    }

    @Override
    public void giveUp(long sequence, Refusal reason) {
        write(true, buffer -> buffer.giveUp(sequence, reason));
    }

    @Override
    public boolean discardRejected(UUID id) {
        boolean isThere =
                stored.contents().rejected().stream().anyMatch(one -> one.id().equals(id));
        write(true, buffer -> buffer.discardRejected(id));
        return isThere;
    }

    @Override
    public BufferContents rewind(After settled) {
        BufferContents before = stored.contents();
        write(true, buffer -> buffer.rewind(settled));
        laws.unsettledStay(device, before, stored.contents());
        return stored.contents();
    }

    @Override
    public BufferContents restamp(DeviceKey identity) {
        BufferContents before = stored.contents();
        write(true, buffer -> buffer.restamp(identity));
        laws.unsettledStay(device, before, stored.contents());
        return stored.contents();
    }

    @Override
    public void confirm(ConfirmedChange change) {
        write(false, buffer -> buffer.confirm(change));
        laws.read(device, this);
    }

    @Override
    public Optional<StoredAggregate> loadAggregate(AggregateId aggregate) {
        return stored.loadAggregate(aggregate);
    }

    @Override
    public List<RecordedEvent> loadHistory(AggregateId aggregate, long after, int limit) {
        return stored.loadHistory(aggregate, after, limit);
    }

    @Override
    public List<KeptAppend> loadKept(long position) {
        return stored.loadKept(position);
    }

    @Override
    public void pruneKept(long beforeMillis) {
        write(false, buffer -> buffer.pruneKept(beforeMillis));
    }

    @Override
    public void close() {}
}
