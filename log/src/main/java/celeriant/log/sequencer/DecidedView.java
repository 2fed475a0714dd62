package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Register;
import java.util.Optional;
import java.util.UUID;

/**
 * A whole overlay as the one above it sees it: what is not in it is looked up below and not remembered, for the one
 * above remembers it. Confined to the writer's thread.
 */
final class DecidedView implements LogView {
    private final Overlay decided;

    DecidedView(Overlay decided) {
        this.decided = decided;
    }

    @Override
    public OrgHead orgHead(String org) {
        OverlayOrg known = decided.known(org);
        return known == null ? decided.below().orgHead(org) : known.head();
    }

    @Override
    public ClientHead clientHead(String org, ClientId client) {
        OverlayOrg known = decided.known(org);
        Optional<ClientHead> head = known == null ? null : known.knownClientHead(client);
        return head == null ? decided.below().clientHead(org, client) : head.orElse(null);
    }

    @Override
    public SettledAppend settled(String org, ClientId client, long sequence) {
        OverlayOrg known = decided.known(org);
        return known == null ? decided.below().settled(org, client, sequence) : known.settled(client, sequence);
    }

    @Override
    public SettledAppend.Recorded recordedById(String org, ClientId client, UUID id) {
        OverlayOrg known = decided.known(org);
        return known == null ? decided.below().recordedById(org, client, id) : known.recordedById(client, id);
    }

    @Override
    public AggregateHead aggregateHead(String org, AggregateId aggregate) {
        OverlayAggregate known = aggregate(org, aggregate);
        return known == null ? decided.below().aggregateHead(org, aggregate) : known.head();
    }

    @Override
    public Optional<Register> register(String org, AggregateId aggregate, String key) {
        OverlayAggregate known = aggregate(org, aggregate);
        return known == null ? decided.below().register(org, aggregate, key) : known.register(key);
    }

    @Override
    public boolean hasKeyless(String org, AggregateId aggregate, long afterVersion, long beforeVersion) {
        OverlayAggregate known = aggregate(org, aggregate);
        return known == null
                ? decided.below().hasKeyless(org, aggregate, afterVersion, beforeVersion)
                : known.hasKeyless(afterVersion, beforeVersion);
    }

    private OverlayAggregate aggregate(String org, AggregateId aggregate) {
        OverlayOrg known = decided.known(org);
        return known == null ? null : known.knownAggregate(aggregate);
    }
}
