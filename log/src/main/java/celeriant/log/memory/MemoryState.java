package celeriant.log.memory;

import celeriant.log.sequencer.AggregateHead;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.LogView;
import celeriant.log.sequencer.OrgHead;
import celeriant.log.sequencer.RejectionRecord;
import celeriant.log.sequencer.SettledAppend;
import celeriant.log.sequencer.SnapshotRecord;
import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Register;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Everything that was recorded, and the view that decisions are taken from. Guarded by the log's lock. */
final class MemoryState implements LogView {
    private final TreeMap<String, MemoryOrg> orgs = new TreeMap<>();

    TreeMap<String, MemoryOrg> orgs() {
        return orgs;
    }

    /** The org; an empty one, that is not kept, if it holds nothing. */
    MemoryOrg org(String name) {
        MemoryOrg known = orgs.get(name);
        return known != null ? known : new MemoryOrg();
    }

    void apply(LogRecord record) {
        MemoryOrg org = orgs.computeIfAbsent(record.org(), name -> new MemoryOrg());
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
}
