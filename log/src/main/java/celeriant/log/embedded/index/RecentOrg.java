package celeriant.log.embedded.index;

import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.sequencer.OrgHead;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** What the records of one {@link Recent} did to one org. Changed by the writer thread, read by any. */
final class RecentOrg {
    /** An append without a sequence; {@code bucket} of its days. */
    record AppendKey(ClientId client, UUID id) {}

    record AppendPlace(int bucket, long place) {}

    /** A client's head, and the places of its appends here by sequence. */
    static final class RecentClient {
        private final PlaceList appends = new PlaceList();
        private volatile ClientEntry entry;

        PlaceList appends() {
            return appends;
        }

        ClientEntry entry() {
            return entry;
        }

        void apply(ClientEntry newEntry) {
            appends.add(newEntry.head().sequence(), newEntry.place());
            entry = newEntry;
        }
    }

    /** A longer run would make finding a position in it slow. */
    private static final int RUN_BYTES_MAX = 64 << 10;

    private final ConcurrentSkipListMap<Long, Run> runs = new ConcurrentSkipListMap<>();
    private final Map<AggregateId, RecentAggregate> aggregates = new ConcurrentHashMap<>();
    private final Map<ClientId, RecentClient> clients = new ConcurrentHashMap<>();
    private final Map<AppendKey, AppendPlace> appendIds = new ConcurrentHashMap<>();
    private volatile OrgEntry entry;
    private Run lastRun;

    /** @param entry as it was before */
    RecentOrg(OrgEntry entry) {
        this.entry = entry;
    }

    OrgEntry entry() {
        return entry;
    }

    /** By first position. */
    ConcurrentSkipListMap<Long, Run> runs() {
        return runs;
    }

    Map<AggregateId, RecentAggregate> aggregates() {
        return aggregates;
    }

    Map<ClientId, RecentClient> clients() {
        return clients;
    }

    Map<AppendKey, AppendPlace> appendIds() {
        return appendIds;
    }

    /** Adds an append's record to the merged log. @param continues whether the record before it was this org's, too */
    void addToRun(RecordBytes record, long lastPosition, long types, boolean continues) {
        boolean joins = continues
                && lastRun != null
                && lastRun.place() + lastRun.bytes() == record.place()
                && lastRun.bytes() + record.length() <= RUN_BYTES_MAX;
        lastRun = joins
                ? lastRun.extendedBy(record, lastPosition, types)
                : new Run(record.position(), lastPosition, record.place(), record.length(), types);
        runs.put(lastRun.firstPosition(), lastRun);
    }

    /** Last of all, so that who sees the head sees everything up to there. */
    void moveHead(OrgHead head, long newDiscards) {
        entry = new OrgEntry(head, entry.discards() + newDiscards);
    }
}
