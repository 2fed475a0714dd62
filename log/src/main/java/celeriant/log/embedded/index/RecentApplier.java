package celeriant.log.embedded.index;

import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.sequencer.AggregateHead;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.OrgHead;
import celeriant.log.sequencer.RejectionRecord;
import celeriant.log.sequencer.SnapshotRecord;
import celeriant.log.sequencer.Tombstone;
import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.RecordedEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Applies durable records to a {@link Recent}, as {@link celeriant.log.sequencer.LogView} says; what is not there yet
 * is taken from the index below. Confined to the writer thread.
 */
final class RecentApplier {
    private final Index index;
    private final Recent recent;
    private final KnownHeads heads;
    private int newAggregates;
    private int newRegisters;

    RecentApplier(Index index, Recent recent, KnownHeads heads) {
        this.index = index;
        this.recent = recent;
        this.heads = heads;
    }

    void apply(LogRecord record, RecordBytes bytes) {
        newAggregates = 0;
        newRegisters = 0;
        RecentOrg org = org(record.org());
        switch (record) {
            case AppendRecord append -> append(org, append, bytes);
            case RejectionRecord rejection -> rejection(org, rejection, bytes.place());
            case SnapshotRecord snapshot -> snapshot(org, snapshot, bytes.place());
        }
        recent.count(bytes, newAggregates, newRegisters);
    }

    private void append(RecentOrg org, AppendRecord append, RecordBytes bytes) {
        long place = bytes.place();
        List<RecordedEvent> events = append.events();
        org.addToRun(bytes, append.lastPosition(), TypeMask.of(events), recent.continuesOrg(append.org()));
        int discards = events.size() == 1 ? one(org, append, place) : many(org, append, place);
        if (append.sequence() > 0) {
            client(org, append.client(), append.clientHead(), place);
        } else if (append.isFoundById()) {
            // A clock that was put back must not bring ids into a bucket that nobody looks into any more.
            int bucket = Math.max(index.bucketOf(append.recordedAtMillis()), index.newestBucket());
            index.noteBucket(bucket);
            RecentOrg.AppendKey key = new RecentOrg.AppendKey(append.client(), append.id());
            org.appendIds().put(key, new RecentOrg.AppendPlace(bucket, place));
            index.ids().add(bucket, append.id());
        }
        org.moveHead(new OrgHead(append.lastPosition(), append.hash()), discards);
    }

    private int one(RecentOrg org, AppendRecord append, long place) {
        RecordedEvent only = append.events().get(0);
        noteDiscard(append.org(), only);
        RecentAggregate aggregate = aggregate(org, append.org(), only.event().aggregate(), place);
        newRegisters += aggregate.apply(only, place, true);
        aggregate.show();
        return Tombstone.isTombstone(only.event().type()) ? 1 : 0;
    }

    private int many(RecentOrg org, AppendRecord append, long place) {
        int discards = 0;
        Map<AggregateId, RecentAggregate> met = new LinkedHashMap<>();
        AggregateId currentId = null;
        RecentAggregate current = null;
        for (RecordedEvent recorded : append.events()) {
            AggregateId id = recorded.event().aggregate();
            boolean isFirst = false;
            if (!id.equals(currentId)) {
                currentId = id;
                current = met.get(id);
                isFirst = current == null;
                if (isFirst) {
                    current = aggregate(org, append.org(), id, place + met.size());
                    met.put(id, current);
                }
            }
            noteDiscard(append.org(), recorded);
            newRegisters += current.apply(recorded, place, isFirst);
            discards += Tombstone.isTombstone(recorded.event().type()) ? 1 : 0;
        }
        met.values().forEach(RecentAggregate::show);
        return discards;
    }

    private void snapshot(RecentOrg org, SnapshotRecord snapshot, long place) {
        RecentAggregate aggregate = aggregate(org, snapshot.org(), snapshot.aggregate(), 0);
        aggregate.applySnapshot(snapshot.version(), place);
        aggregate.show();
    }

    private void noteDiscard(String org, RecordedEvent recorded) {
        if (Tombstone.isTombstone(recorded.event().type())) {
            index.discardWatch().note(org, recorded.event().aggregate());
        }
    }

    private void rejection(RecentOrg org, RejectionRecord rejection, long place) {
        ClientId client = rejection.client();
        ClientEntry before = index.clientEntry(rejection.org(), client);
        ClientHead head = rejection.clientHead(before == null ? null : before.head());
        client(org, client, head, place);
    }

    private static void client(RecentOrg org, ClientId client, ClientHead head, long place) {
        org.clients()
                .computeIfAbsent(client, id -> new RecentOrg.RecentClient())
                .apply(new ClientEntry(head, place));
    }

    /** @param number what to number it by if it is new */
    private RecentAggregate aggregate(RecentOrg org, String orgName, AggregateId id, long number) {
        RecentAggregate known = org.aggregates().get(id);
        if (known == null) {
            AggregateEntry before = heads.entry(orgName, id);
            known = new RecentAggregate(before != null ? before : new AggregateEntry(AggregateHead.ABSENT, number, 0));
            org.aggregates().put(id, known);
            newAggregates++;
        }
        return known;
    }

    private RecentOrg org(String org) {
        RecentOrg known = recent.org(org);
        if (known == null) {
            known = new RecentOrg(index.orgEntry(org));
            recent.orgs().put(org, known);
        }
        return known;
    }
}
