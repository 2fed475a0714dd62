package celeriant.client;

import celeriant.client.buffer.Confirmation;
import celeriant.client.buffer.KeptAppend;
import celeriant.client.buffer.PendingAppend;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What this client has appended and not read back yet, in its order: not stored yet, pending, or settled and on its
 * way. It lies on top of the confirmed state of each aggregate that it touches, and is taken off when the log brings
 * it. Guarded by the client's memory lock.
 */
final class Overlay {
    /** One append on top. */
    static final class Entry {
        private final UUID id;
        private final List<Event> events;
        private volatile Confirmation confirmation;

        Entry(UUID id, List<Event> events, Confirmation confirmation) {
            this.id = id;
            this.events = events;
            this.confirmation = confirmation;
        }

        UUID id() {
            return id;
        }

        List<Event> events() {
            return events;
        }

        /** Null as long as it is pending. */
        Confirmation confirmation() {
            return confirmation;
        }
    }

    /** Hears of every change on top of an aggregate. */
    interface Listener {
        void added(AggregateId aggregate, Entry entry);

        /** All that lies on top of it now, in its order. */
        void arranged(AggregateId aggregate, Collection<Entry> entries);

        void confirmed(AggregateId aggregate, Entry entry);

        void removed(AggregateId aggregate, Entry entry);
    }

    private final Map<AggregateId, LinkedHashMap<UUID, Entry>> byAggregate = new HashMap<>();
    private Listener listener;

    void listen(Listener only) {
        listener = only;
    }

    Collection<Entry> entries(AggregateId aggregate) {
        LinkedHashMap<UUID, Entry> entries = byAggregate.get(aggregate);
        return entries == null ? List.of() : entries.values();
    }

    void add(UUID id, List<Event> events) {
        Entry entry = new Entry(id, events, null);
        for (AggregateId aggregate : aggregatesOf(events)) {
            if (byAggregate
                            .computeIfAbsent(aggregate, name -> new LinkedHashMap<>())
                            .putIfAbsent(id, entry)
                    == null) {
                listener.added(aggregate, entry);
            }
        }
    }

    /** Puts settled appends that were not read back yet, in the order of their places, under what is pending. */
    void addSettled(AggregateId aggregate, List<KeptAppend> unread) {
        Map<UUID, Entry> above = byAggregate.getOrDefault(aggregate, new LinkedHashMap<>());
        List<Entry> settled = settled(above.values());
        unread.stream()
                .filter(kept -> !above.containsKey(kept.id()))
                .filter(kept -> aggregatesOf(kept.events()).contains(aggregate))
                .forEach(kept -> settled.add(new Entry(kept.id(), kept.events(), kept.confirmation())));
        settled.sort(Comparator.comparingLong(entry -> entry.confirmation.lastPosition()));
        arrange(aggregate, settled, List.copyOf(above.values()));
    }

    /** Puts all that is pending, in its order, over what is settled and under what is not stored yet. */
    void addPending(Collection<PendingAppend> pending) {
        Map<AggregateId, List<Entry>> queued = new LinkedHashMap<>();
        for (PendingAppend append : pending) {
            Entry entry = new Entry(append.id(), append.events(), null);
            aggregatesOf(append.events())
                    .forEach(aggregate -> queued.computeIfAbsent(aggregate, name -> new ArrayList<>())
                            .add(entry));
        }
        queued.forEach((aggregate, entries) -> {
            Collection<Entry> above = entries(aggregate);
            Set<UUID> ids = entries.stream().map(Entry::id).collect(Collectors.toSet());
            List<Entry> order = settled(above);
            order.removeIf(entry -> ids.contains(entry.id));
            order.addAll(entries);
            arrange(aggregate, order, List.copyOf(above));
        });
    }

    private static List<Entry> settled(Collection<Entry> entries) {
        return entries.stream().filter(entry -> entry.confirmation != null).collect(Collectors.toList());
    }

    /** What comes first, and then the rest as it lay. */
    private void arrange(AggregateId aggregate, List<Entry> first, List<Entry> before) {
        LinkedHashMap<UUID, Entry> order = new LinkedHashMap<>();
        first.forEach(entry -> order.put(entry.id, entry));
        before.forEach(entry -> order.putIfAbsent(entry.id, entry));
        if (!order.isEmpty()) {
            byAggregate.put(aggregate, order);
            listener.arranged(aggregate, order.values());
        }
    }

    /** The position up to which an aggregate was read; {@link Long#MAX_VALUE} for one that is not open. */
    interface ReadUpTo {
        long of(AggregateId aggregate);
    }

    /** The append is settled; it stays on top of an aggregate until that was read up to its place. */
    void confirm(UUID id, List<Event> events, Confirmation confirmation, ReadUpTo readUpTo) {
        for (AggregateId aggregate : aggregatesOf(events)) {
            LinkedHashMap<UUID, Entry> entries = byAggregate.get(aggregate);
            Entry entry = entries == null ? null : entries.get(id);
            if (entry == null) {
                continue;
            }
            entry.confirmation = confirmation;
            if (readUpTo.of(aggregate) >= confirmation.lastPosition()) {
                removeFrom(aggregate, id);
            } else {
                listener.confirmed(aggregate, entry);
            }
        }
    }

    /** The append is gone: rejected, or it could not be stored. */
    void remove(UUID id, List<Event> events) {
        aggregatesOf(events).forEach(aggregate -> removeFrom(aggregate, id));
    }

    /** An aggregate was read up to a position, and in it the appends with these ids. */
    void readBack(AggregateId aggregate, Set<UUID> ids, long position) {
        ids.forEach(id -> removeFrom(aggregate, id));
        LinkedHashMap<UUID, Entry> entries = byAggregate.get(aggregate);
        // Settled ones stand in front, in the order of their places.
        while (entries != null && !entries.isEmpty()) {
            Entry first = entries.values().iterator().next();
            if (first.confirmation == null || first.confirmation.lastPosition() > position) {
                return;
            }
            removeFrom(aggregate, first.id);
        }
    }

    /** These aggregates were read up to a position: what settled below it and was not shown will not be. */
    void passed(Set<AggregateId> followed, long position) {
        for (AggregateId aggregate : List.copyOf(byAggregate.keySet())) {
            if (followed.contains(aggregate)) {
                readBack(aggregate, Set.of(), position);
            }
        }
    }

    private void removeFrom(AggregateId aggregate, UUID id) {
        LinkedHashMap<UUID, Entry> entries = byAggregate.get(aggregate);
        Entry entry = entries == null ? null : entries.remove(id);
        if (entry == null) {
            return;
        }
        if (entries.isEmpty()) {
            byAggregate.remove(aggregate);
        }
        listener.removed(aggregate, entry);
    }

    static Set<AggregateId> aggregatesOf(List<Event> events) {
        Set<AggregateId> aggregates = new LinkedHashSet<>();
        events.forEach(event -> aggregates.add(event.aggregate()));
        return aggregates;
    }
}
