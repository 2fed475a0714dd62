package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.Limits;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Gives an append its place: positions, versions, ids, the hash. Confined to the writer's thread. */
final class RecordFactory {
    private final Supplier<UUID> ids;
    private final HashChain chain = new HashChain();

    RecordFactory(Supplier<UUID> ids) {
        this.ids = ids;
    }

    UUID nextId() {
        return ids.get();
    }

    /** Records an append behind the org's head. @param system the system's own events, recorded last */
    AppendRecord append(
            LogView view,
            String org,
            ClientId client,
            UUID id,
            long sequence,
            List<Event> events,
            List<Event> system,
            long nowMillis) {
        OrgHead head = view.orgHead(org);
        List<RecordedEvent> recorded = new ArrayList<>(events.size() + system.size());
        Versions versions = new Versions(view, org);
        for (int i = 0; i < events.size() + system.size(); i++) {
            Event event = i < events.size() ? events.get(i) : system.get(i - events.size());
            Event named = event.id() == null ? event.withId(ids.get()) : event;
            long position = head.position() + 1 + i;
            long version = versions.next(event.aggregate());
            recorded.add(new RecordedEvent(named, version, position, client, id, sequence, nowMillis));
        }
        requireRoom(head.position() + recorded.size());
        byte[] hash = chain.next(head.hash(), org, client.value(), events.size(), recorded);
        return new AppendRecord(org, client, sequence, id, nowMillis, recorded, events.size(), hash);
    }

    private static void requireRoom(long lastPosition) {
        if (lastPosition > Limits.INTEGER_MAX) {
            throw new IllegalStateException("the org's positions are used up: " + Limits.INTEGER_MAX + " is the last");
        }
    }

    /** Counts on from the aggregates' versions; appends to one aggregate alone need no map. */
    private static final class Versions {
        private final LogView view;
        private final String org;
        private AggregateId current;
        private long currentVersion;
        private Map<AggregateId, Long> others;

        Versions(LogView view, String org) {
            this.view = view;
            this.org = org;
        }

        long next(AggregateId aggregate) {
            if (!aggregate.equals(current)) {
                turnTo(aggregate);
            }
            return ++currentVersion;
        }

        private void turnTo(AggregateId aggregate) {
            if (current != null) {
                others = others == null ? new HashMap<>() : others;
                others.put(current, currentVersion);
            }
            Long counted = others == null ? null : others.get(aggregate);
            current = aggregate;
            currentVersion = counted != null
                    ? counted
                    : view.aggregateHead(org, aggregate).version();
        }
    }
}
