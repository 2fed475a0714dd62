package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Register;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A view with the records decided since applied on top, so that a group of requests can be decided before any of it is
 * durable, and a second group while the first is being synced (an overlay may lie on an overlay). It remembers what it
 * read below, so each head is looked up once in a group. Confined to the writer's thread; made anew for each group.
 */
public final class Overlay implements LogView {
    private final Map<String, OverlayOrg> orgs = new HashMap<>();
    private LogView below;

    public Overlay(LogView below) {
        this.below = below;
    }

    /** The overlay of the next group, while this one's is not applied to the view below yet: nothing is added here. */
    public Overlay next() {
        return new Overlay(new DecidedView(this));
    }

    /** Everything that was below is in {@code newBelow} now. */
    public void standOn(LogView newBelow) {
        below = newBelow;
    }

    LogView below() {
        return below;
    }

    /** What is here of an org; null if nothing is. */
    OverlayOrg known(String org) {
        return orgs.get(org);
    }

    /** Applies the next decided record. */
    public void apply(LogRecord record) {
        OverlayOrg org = org(record.org());
        switch (record) {
            case AppendRecord append -> org.apply(append);
            case RejectionRecord rejection -> org.apply(rejection);
            case SnapshotRecord snapshot -> org.apply(snapshot);
        }
    }

    @Override
    public OrgHead orgHead(String org) {
        return org(org).head();
    }

    @Override
    public ClientHead clientHead(String org, ClientId client) {
        return org(org).clientHead(client);
    }

    @Override
    public SettledAppend settled(String org, ClientId client, long sequence) {
        return org(org).settled(client, sequence);
    }

    @Override
    public SettledAppend.Recorded recordedById(String org, ClientId client, UUID id) {
        return org(org).recordedById(client, id);
    }

    @Override
    public AggregateHead aggregateHead(String org, AggregateId aggregate) {
        return org(org).aggregate(aggregate).head();
    }

    @Override
    public Optional<Register> register(String org, AggregateId aggregate, String key) {
        return org(org).aggregate(aggregate).register(key);
    }

    @Override
    public boolean hasKeyless(String org, AggregateId aggregate, long afterVersion, long beforeVersion) {
        return org(org).aggregate(aggregate).hasKeyless(afterVersion, beforeVersion);
    }

    private OverlayOrg org(String org) {
        OverlayOrg known = orgs.get(org);
        if (known == null) {
            known = new OverlayOrg(this, org);
            orgs.put(org, known);
        }
        return known;
    }
}
