package celeriant.client.buffer;

import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.wire.DeviceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A buffer that lasts as long as the process: for tests, and for clients that only read. It can be closed and opened
 * again, and then holds what it held. Guarded by its own monitor.
 */
public final class MemoryBuffer implements LocalBuffer {
    private static final class Aggregate {
        private long version;
        private long position;
        private History keeps = History.NONE;
        private final Map<String, Register> registers = new LinkedHashMap<>();
        private final TreeMap<Long, RecordedEvent> history = new TreeMap<>();
    }

    private DeviceKey identity;
    private After settled;
    private long lastSequence;
    private final TreeMap<Long, PendingAppend> pending = new TreeMap<>();
    private final Map<UUID, RejectedAppend> rejected = new LinkedHashMap<>();
    private final List<KeptAppend> kept = new ArrayList<>();
    private Cursor cursor;
    private Set<AggregateId> follows = Set.of();
    private final Map<AggregateId, Aggregate> aggregates = new HashMap<>();

    @Override
    public synchronized BufferContents open(Supplier<DeviceKey> newIdentity) {
        if (identity == null) {
            identity = newIdentity.get();
        }
        return contents();
    }

    @Override
    public synchronized BufferContents contents() {
        return new BufferContents(
                identity,
                settled,
                new ArrayList<>(pending.values()),
                new ArrayList<>(rejected.values()),
                cursor,
                follows);
    }

    @Override
    public synchronized List<PendingAppend> append(List<Draft> drafts) {
        List<PendingAppend> stored = new ArrayList<>();
        for (Draft draft : drafts) {
            if (draft.retries() != null && !discardRejected(draft.retries())) {
                continue;
            }
            PendingAppend append =
                    new PendingAppend(++lastSequence, draft.id(), draft.events(), draft.createdAtMillis(), null);
            pending.put(append.sequence(), append);
            stored.add(append);
        }
        return stored;
    }

    @Override
    public synchronized List<PendingAppend> loadPending(long sequence) {
        return List.copyOf(pending.tailMap(sequence, false).values());
    }

    @Override
    public List<PendingAppend> loadPendingForSure() {
        return loadPending(0);
    }

    @Override
    public synchronized void settle(Settlement settlement) {
        if (!settlement.client().equals(identity.jwk().thumbprint())) {
            throw new BufferException.IdentityChanged();
        }
        pending.headMap(settlement.settled().sequence(), true).clear();
        if (settled == null || settlement.settled().sequence() > settled.sequence()) {
            settled = settlement.settled();
        }
        kept.addAll(settlement.kept());
        settlement.rejected().forEach(append -> rejected.put(append.id(), append));
    }

    @Override
    public synchronized void giveUp(long sequence, Refusal reason) {
        pending.computeIfPresent(sequence, (number, append) -> append.givenUpFor(reason));
    }

    @Override
    public synchronized boolean discardRejected(UUID id) {
        return rejected.remove(id) != null;
    }

    @Override
    public synchronized BufferContents rewind(After newSettled) {
        long from = newSettled == null ? 0 : newSettled.sequence();
        String client = identity.jwk().thumbprint();
        kept.removeIf(append -> {
            boolean lost = append.client().equals(client) && append.sequence() > from;
            if (lost) {
                pending.put(append.sequence(), append.pendingAgain());
            }
            return lost;
        });
        settled = newSettled;
        lastSequence = Math.max(from, pending.isEmpty() ? 0 : pending.lastKey());
        return contents();
    }

    @Override
    public synchronized BufferContents restamp(DeviceKey newIdentity) {
        List<PendingAppend> unsettled = List.copyOf(pending.values());
        pending.clear();
        identity = newIdentity;
        settled = null;
        lastSequence = 0;
        for (PendingAppend append : unsettled) {
            pending.put(++lastSequence, append.numbered(lastSequence));
        }
        return contents();
    }

    @Override
    public synchronized void confirm(ConfirmedChange change) {
        if (change.everythingForgotten()) {
            cursor = null;
            aggregates.clear();
        }
        cursor = change.cursor() == null ? cursor : change.cursor();
        follows = change.follows() == null ? follows : change.follows();
        change.aggregates().forEach(this::move);
    }

    private void move(AggregateChange change) {
        if (change.forgotten()) {
            aggregates.remove(change.aggregate());
            return;
        }
        Aggregate moved = aggregates.computeIfAbsent(change.aggregate(), name -> new Aggregate());
        moved.version = change.version();
        moved.position = change.position();
        if (change.registersReset()) {
            moved.registers.clear();
        }
        change.registers().forEach((key, register) -> {
            if (register == null) {
                moved.registers.remove(key);
            } else {
                moved.registers.put(key, register);
            }
        });
        moved.keeps = change.keeps();
        if (!moved.keeps.isKept()) {
            moved.history.clear();
            return;
        }
        change.history().forEach(event -> moved.history.put(event.version(), event));
        moved.history.headMap(moved.keeps.after(), true).clear();
    }

    @Override
    public synchronized Optional<StoredAggregate> loadAggregate(AggregateId aggregate) {
        return Optional.ofNullable(aggregates.get(aggregate))
                .map(found -> new StoredAggregate(
                        aggregate, found.version, found.position, new LinkedHashMap<>(found.registers), found.keeps));
    }

    @Override
    public synchronized List<RecordedEvent> loadHistory(AggregateId aggregate, long after, int limit) {
        Aggregate found = aggregates.get(aggregate);
        return found == null
                ? List.of()
                : found.history.tailMap(after, false).values().stream()
                        .limit(limit)
                        .toList();
    }

    @Override
    public synchronized List<KeptAppend> loadKept(long position) {
        return kept.stream()
                .filter(append ->
                        append.confirmation() != null && append.confirmation().lastPosition() > position)
                .toList();
    }

    @Override
    public synchronized void pruneKept(long beforeMillis) {
        kept.removeIf(append -> append.settledAtMillis() < beforeMillis);
    }

    @Override
    public void close() {}
}
