package celeriant.log.embedded.index;

import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.record.ByteReader;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Where things are in the journal: the store, and on top what the latest records did ({@link Recent}: the current one,
 * and the one that is being written to the store, if any). Only durable records are ever applied, so it never is ahead
 * of the sync. Lookups come from any thread; each takes the recents first and the store after, so that what moves from
 * one to the other meanwhile is seen at least once. The changing half is {@link IndexWriter}.
 */
public final class Index {
    /** The current recent, and the one that is being written; {@code frozen} is null when none is. */
    record Recents(Recent current, Recent frozen) {
        /** The newest first. */
        List<Recent> newestFirst() {
            return frozen == null ? List.of(current) : List.of(current, frozen);
        }

        List<Recent> oldestFirst() {
            return frozen == null ? List.of(current) : List.of(frozen, current);
        }
    }

    private final IndexStore store;
    private final long appendIdDays;
    private final KnownIds ids;
    private final DiscardWatch discardWatch = new DiscardWatch();
    private volatile Recents recents = new Recents(new Recent(), null);
    private volatile int newestBucket;
    private volatile int oldestBucket = Integer.MAX_VALUE;

    /**
     * @param appendIdDays how long the id of an append without a sequence is remembered, at least
     * @param ids which of them may be here
     */
    public Index(IndexStore store, int appendIdDays, KnownIds ids) {
        this.store = store;
        this.appendIdDays = appendIdDays;
        this.ids = ids;
    }

    public IndexStore store() {
        return store;
    }

    KnownIds ids() {
        return ids;
    }

    public DiscardWatch discardWatch() {
        return discardWatch;
    }

    Recents recents() {
        return recents;
    }

    void become(Recents newRecents) {
        recents = newRecents;
    }

    /** The bucket of ids of appends that were recorded then. */
    int bucketOf(long recordedAtMillis) {
        return (int) (TimeUnit.MILLISECONDS.toDays(recordedAtMillis) / appendIdDays);
    }

    /** Learns from the store what the newest and the oldest bucket are. */
    public void findBuckets() {
        byte[] lowest = IndexKeys.appendIdsStart(0);
        byte[] highest = IndexKeys.appendIdsStart(Integer.MAX_VALUE);
        try (IndexStore.Cursor newest = store.cursorAtFloor(lowest, highest, highest);
                IndexStore.Cursor oldest = store.cursor(lowest, highest)) {
            if (newest.isValid()) {
                noteBucket(IndexKeys.bucketOf(newest.key()));
                noteBucket(IndexKeys.bucketOf(oldest.key()));
            }
        }
    }

    int newestBucket() {
        return newestBucket;
    }

    void noteBucket(int bucket) {
        if (bucket > newestBucket) {
            newestBucket = bucket;
        }
        if (bucket < oldestBucket) {
            oldestBucket = bucket;
        }
    }

    public OrgEntry orgEntry(String org) {
        for (Recent recent : recents.newestFirst()) {
            RecentOrg found = recent.org(org);
            if (found != null) {
                return found.entry();
            }
        }
        byte[] stored = store.value(IndexKeys.org(org));
        return stored == null ? OrgEntry.EMPTY : OrgEntry.of(stored);
    }

    /** Null if it never existed. */
    public AggregateEntry aggregateEntry(String org, AggregateId aggregate) {
        AggregateEntry recent = recentEntry(org, aggregate);
        if (recent != null) {
            return recent.head().version() == 0 ? null : recent;
        }
        byte[] stored = store.value(IndexKeys.aggregate(org, aggregate));
        return stored == null ? null : latest(AggregateEntry.of(stored));
    }

    /** As its last append left it. @param named the entry under its name */
    AggregateEntry latest(AggregateEntry named) {
        long number = named.number();
        byte[] highest = IndexKeys.event(number, Long.MAX_VALUE);
        try (IndexStore.Cursor last = store.cursorAtFloor(IndexKeys.event(number, 0), highest, highest)) {
            AggregateEntry after = last.isValid() ? EventEntry.after(number, last.value()) : named;
            return after.head().version() > named.head().version() ? after : named;
        }
    }

    /** As the latest records left it, of version 0 if it does not exist; null if none of them is of it. */
    AggregateEntry recentEntry(String org, AggregateId aggregate) {
        Recents now = recents;
        RecentAggregate found = aggregate(now.current, org, aggregate);
        if (found == null && now.frozen != null) {
            found = aggregate(now.frozen, org, aggregate);
        }
        return found == null ? null : found.entry();
    }

    private static RecentAggregate aggregate(Recent recent, String org, AggregateId aggregate) {
        RecentOrg found = recent.org(org);
        return found == null ? null : found.aggregates().get(aggregate);
    }

    /** Null if the log has not seen it. */
    public ClientEntry clientEntry(String org, ClientId client) {
        for (Recent recent : recents.newestFirst()) {
            RecentOrg.RecentClient found = client(recent, org, client);
            if (found != null) {
                return found.entry();
            }
        }
        byte[] stored = store.value(IndexKeys.client(org, client));
        return stored == null ? null : ClientEntry.of(stored);
    }

    private static RecentOrg.RecentClient client(Recent recent, String org, ClientId client) {
        RecentOrg found = recent.org(org);
        RecentOrg.RecentClient known = found == null ? null : found.clients().get(client);
        return known == null || known.entry() == null ? null : known;
    }

    /** A sequence of a client and the place of its record. */
    public record SequencePlace(long sequence, long place) {}

    /** The nearest known place at or above a sequence that is settled; back pointers lead on from there. */
    public SequencePlace sequenceAtOrAbove(String org, ClientId client, long sequence) {
        SequencePlace nearest = null;
        for (Recent recent : recents.newestFirst()) {
            RecentOrg.RecentClient found = client(recent, org, client);
            if (found != null && found.appends().size() > 0) {
                PlaceList appends = found.appends();
                int index = Math.max(0, appends.floor(sequence));
                nearest = new SequencePlace(appends.number(index), appends.place(index));
                if (nearest.sequence <= sequence) {
                    return nearest;
                }
            }
        }
        long step = IndexKeys.SEQUENCE_STEP;
        long indexed = (sequence + step - 1) / step * step;
        if (nearest == null || indexed < nearest.sequence) {
            byte[] stored = store.value(IndexKeys.sequence(org, client, indexed));
            if (stored != null) {
                return new SequencePlace(indexed, new ByteReader(stored).varint());
            }
        }
        if (nearest != null) {
            return nearest;
        }
        ClientEntry head = clientEntry(org, client);
        return new SequencePlace(head.head().sequence(), head.place());
    }

    /** The place of an append without a sequence; 0 if none with that id is remembered. */
    public long appendPlace(String org, ClientId client, UUID id) {
        if (!ids.mayHave(id)) {
            return 0;
        }
        for (Recent recent : recents.newestFirst()) {
            RecentOrg found = recent.org(org);
            RecentOrg.AppendPlace place =
                    found == null ? null : found.appendIds().get(new RecentOrg.AppendKey(client, id));
            if (place != null) {
                return place.place();
            }
        }
        int newest = newestBucket;
        for (int bucket = newest; bucket >= Math.max(oldestBucket, newest - 1); bucket--) {
            byte[] stored = store.value(IndexKeys.appendId(bucket, org, client, id));
            if (stored != null) {
                return new ByteReader(stored).varint();
            }
        }
        return 0;
    }

    /** What the recents know of an aggregate, the oldest first. */
    public List<RecentAggregate> recentsOf(String org, AggregateId aggregate) {
        List<RecentAggregate> found = new ArrayList<>();
        for (Recent recent : recents.oldestFirst()) {
            RecentAggregate known = aggregate(recent, org, aggregate);
            if (known != null) {
                found.add(known);
            }
        }
        return found;
    }

    /** The records of an aggregate's events, from the one that holds a version on. The caller closes it. */
    public EventPlaces events(String org, AggregateId aggregate, AggregateEntry entry, long fromVersion) {
        return new EventPlaces(store, entry.number(), eventLists(org, aggregate), fromVersion);
    }

    /** The places of an aggregate's latest appends by version, the oldest first, none empty. */
    public List<PlaceList> eventLists(String org, AggregateId aggregate) {
        List<PlaceList> lists = new ArrayList<>();
        for (RecentAggregate found : recentsOf(org, aggregate)) {
            if (found.events().size() > 0) {
                lists.add(found.events());
            }
        }
        return lists;
    }

    /** The merged log's runs, from the one that holds a position on. The caller closes it. */
    public Runs runs(String org, long fromPosition) {
        List<RecentOrg> orgs = new ArrayList<>();
        for (Recent recent : recents.oldestFirst()) {
            RecentOrg found = recent.org(org);
            if (found != null && !found.runs().isEmpty()) {
                orgs.add(found);
            }
        }
        return new Runs(store, org, orgs, fromPosition);
    }

    /** Where an aggregate's register is set; null if it is not. */
    public RecentAggregate.RegisterPlace register(String org, AggregateId aggregate, AggregateEntry entry, String key) {
        for (Recent recent : recents.newestFirst()) {
            RecentAggregate found = aggregate(recent, org, aggregate);
            var touched = found == null ? null : found.registers();
            RecentAggregate.RegisterPlace place = touched == null ? null : touched.get(key);
            if (place != null) {
                return place.place() == 0 ? null : place;
            }
            if (found != null && found.hidesOlderRegisters()) {
                return null;
            }
        }
        byte[] stored = store.value(IndexKeys.register(entry.number(), key));
        return stored == null ? null : registerPlace(stored);
    }

    public static RecentAggregate.RegisterPlace registerPlace(byte[] stored) {
        ByteReader in = new ByteReader(stored);
        return new RecentAggregate.RegisterPlace(in.varint(), in.varint());
    }
}
