package celeriant.log.memory;

import celeriant.log.reading.MergedPageBuilder;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.OrgHead;
import celeriant.log.sequencer.RejectionRecord;
import celeriant.log.sequencer.SettledAppend;
import celeriant.log.sequencer.SnapshotRecord;
import celeriant.log.sequencer.Tombstone;
import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/** One org: its merged log, its aggregates, its clients. Guarded by the log's lock. */
final class MemoryOrg {
    /** A client's verdicts: by sequence (the list's index + 1), and by id for appends without one. */
    private static final class Client {
        private final List<SettledAppend> bySequence = new ArrayList<>();
        private final Map<UUID, SettledAppend.Recorded> byId = new HashMap<>();
        private ClientHead head;
    }

    private final List<RecordedEvent> byPosition = new ArrayList<>();
    private final NavigableMap<Long, byte[]> hashByAppendEnd = new TreeMap<>();
    private final NavigableMap<AggregateId, MemoryAggregate> aggregates = new TreeMap<>();
    private final Map<ClientId, Client> clients = new HashMap<>();
    private OrgHead head = OrgHead.EMPTY;

    OrgHead head() {
        return head;
    }

    NavigableMap<AggregateId, MemoryAggregate> aggregates() {
        return aggregates;
    }

    MemoryAggregate aggregate(AggregateId aggregate) {
        MemoryAggregate known = aggregates.get(aggregate);
        return known != null ? known : new MemoryAggregate(aggregate);
    }

    ClientHead clientHead(ClientId client) {
        Client known = clients.get(client);
        return known == null ? null : known.head;
    }

    SettledAppend settled(ClientId client, long sequence) {
        Client known = clients.get(client);
        boolean isSettled = known != null && sequence <= known.bySequence.size();
        return isSettled ? known.bySequence.get((int) (sequence - 1)) : null;
    }

    SettledAppend.Recorded recordedById(ClientId client, UUID id) {
        Client known = clients.get(client);
        return known == null ? null : known.byId.get(id);
    }

    /** The hash of the chain after the append that ends at or before a position; null at 0. */
    byte[] hashAt(long position) {
        Map.Entry<Long, byte[]> end = hashByAppendEnd.floorEntry(position);
        return end == null ? null : end.getValue();
    }

    void apply(AppendRecord append) {
        head = new OrgHead(append.lastPosition(), append.hash());
        hashByAppendEnd.put(append.lastPosition(), append.hash());
        for (RecordedEvent recorded : append.events()) {
            byPosition.add(recorded);
            apply(recorded);
        }
        Client client = clients.computeIfAbsent(append.client(), id -> new Client());
        if (append.sequence() > 0) {
            client.bySequence.add(append.settled());
            client.head = append.clientHead();
        } else if (append.isFoundById()) {
            client.byId.put(append.id(), append.settled());
        }
    }

    private void apply(RecordedEvent recorded) {
        List<RecordedEvent> dropped = aggregates
                .computeIfAbsent(recorded.event().aggregate(), MemoryAggregate::new)
                .apply(recorded);
        for (RecordedEvent gone : dropped) {
            if (!Tombstone.isTombstone(gone.event().type())) {
                byPosition.set((int) (gone.position() - 1), null);
            }
        }
    }

    void apply(RejectionRecord rejection) {
        Client client = clients.computeIfAbsent(rejection.client(), id -> new Client());
        client.bySequence.add(rejection.settled());
        client.head = rejection.clientHead(client.head);
    }

    void apply(SnapshotRecord snapshot) {
        aggregates.get(snapshot.aggregate()).apply(snapshot);
    }

    void read(MergedPageBuilder page, long after) {
        long position = after;
        boolean goesOn = position < page.end();
        while (goesOn) {
            position++;
            RecordedEvent recorded = byPosition.get((int) (position - 1));
            if (recorded != null) {
                page.offer(recorded);
            }
            boolean isEnd = hashByAppendEnd.containsKey(position) || position == page.end();
            goesOn = !isEnd || page.endAppend(position);
        }
    }
}
