package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.RecordedEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One org of an {@link Overlay}. Confined to the writer's thread. */
final class OverlayOrg {
    private record BySequence(ClientId client, long sequence) {}

    private record ById(ClientId client, UUID id) {}

    private final Overlay overlay;
    private final String org;
    private final Map<ClientId, Optional<ClientHead>> clients = new HashMap<>();
    private final Map<AggregateId, OverlayAggregate> aggregates = new HashMap<>();
    private final Map<BySequence, SettledAppend> bySequence = new HashMap<>();
    private final Map<ById, SettledAppend.Recorded> byId = new HashMap<>();
    private OrgHead head;

    OverlayOrg(Overlay overlay, String org) {
        this.overlay = overlay;
        this.org = org;
        this.head = overlay.below().orgHead(org);
    }

    OrgHead head() {
        return head;
    }

    ClientHead clientHead(ClientId client) {
        Optional<ClientHead> known = clients.get(client);
        if (known == null) {
            known = Optional.ofNullable(overlay.below().clientHead(org, client));
            clients.put(client, known);
        }
        return known.orElse(null);
    }

    /** What is here of a client's head; null if nothing is. */
    Optional<ClientHead> knownClientHead(ClientId client) {
        return clients.get(client);
    }

    /** What is here of an aggregate; null if nothing is. */
    OverlayAggregate knownAggregate(AggregateId aggregate) {
        return aggregates.get(aggregate);
    }

    SettledAppend settled(ClientId client, long sequence) {
        SettledAppend decided = bySequence.get(new BySequence(client, sequence));
        return decided != null ? decided : overlay.below().settled(org, client, sequence);
    }

    SettledAppend.Recorded recordedById(ClientId client, UUID id) {
        SettledAppend.Recorded decided = byId.get(new ById(client, id));
        return decided != null ? decided : overlay.below().recordedById(org, client, id);
    }

    OverlayAggregate aggregate(AggregateId aggregate) {
        OverlayAggregate known = aggregates.get(aggregate);
        if (known == null) {
            known = new OverlayAggregate(overlay, org, aggregate);
            aggregates.put(aggregate, known);
        }
        return known;
    }

    void apply(AppendRecord append) {
        head = new OrgHead(append.lastPosition(), append.hash());
        AggregateId current = null;
        OverlayAggregate aggregate = null;
        for (RecordedEvent recorded : append.events()) {
            if (!recorded.event().aggregate().equals(current)) {
                current = recorded.event().aggregate();
                aggregate = aggregate(current);
            }
            aggregate.apply(recorded);
        }
        if (append.sequence() > 0) {
            clients.put(append.client(), Optional.of(append.clientHead()));
            bySequence.put(new BySequence(append.client(), append.sequence()), append.settled());
        } else if (append.isFoundById()) {
            byId.put(new ById(append.client(), append.id()), append.settled());
        }
    }

    void apply(RejectionRecord rejection) {
        ClientId client = rejection.client();
        clients.put(client, Optional.of(rejection.clientHead(clientHead(client))));
        bySequence.put(new BySequence(client, rejection.sequence()), rejection.settled());
    }

    void apply(SnapshotRecord snapshot) {
        aggregate(snapshot.aggregate()).apply(snapshot);
    }
}
