package celeriant.log.embedded.reads;

import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.index.ClientEntry;
import celeriant.log.embedded.index.EventPlaces;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.RecentAggregate;
import celeriant.log.embedded.journal.Journal;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordDecoder;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.sequencer.AggregateHead;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.LogView;
import celeriant.log.sequencer.OrgHead;
import celeriant.log.sequencer.RejectionRecord;
import celeriant.log.sequencer.SettledAppend;
import celeriant.log.sequencer.SnapshotRecord;
import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What is durable, as decisions and reads ask for it: the index says where, the journal what. Thread-safe. */
public final class IndexedView implements LogView {
    /** Where an aggregate's entry is found; null if it never existed. */
    public interface Entries {
        AggregateEntry entry(String org, AggregateId aggregate);
    }

    private final Index index;
    private final Journal journal;
    private final Entries entries;

    public IndexedView(Index index, Journal journal) {
        this(index, journal, index::aggregateEntry);
    }

    /** @param entries a shorter way than the index's; its thread rule is the view's then */
    public IndexedView(Index index, Journal journal, Entries entries) {
        this.index = index;
        this.journal = journal;
        this.entries = entries;
    }

    @Override
    public OrgHead orgHead(String org) {
        return index.orgEntry(org).head();
    }

    @Override
    public ClientHead clientHead(String org, ClientId client) {
        ClientEntry entry = index.clientEntry(org, client);
        return entry == null ? null : entry.head();
    }

    @Override
    public SettledAppend settled(String org, ClientId client, long sequence) {
        ClientEntry head = index.clientEntry(org, client);
        if (head == null || head.head().sequence() < sequence) {
            return null;
        }
        Index.SequencePlace found = index.sequenceAtOrAbove(org, client, sequence);
        RecordBytes record = journal.record(found.place());
        while (record.sequence() > sequence) {
            record = journal.record(record.previous());
        }
        if (record.sequence() != sequence) {
            throw CorruptLogException.at(
                    record.place(), "sequence " + sequence + " of the client " + client + " is expected here");
        }
        return switch (RecordDecoder.decode(record)) {
            case AppendRecord append -> append.settled();
            case RejectionRecord rejection -> rejection.settled();
            case SnapshotRecord snapshot ->
                throw CorruptLogException.at(record.place(), "a snapshot has the sequence of an append");
        };
    }

    @Override
    public SettledAppend.Recorded recordedById(String org, ClientId client, UUID id) {
        long place = index.appendPlace(org, client, id);
        return place == 0 ? null : append(place).settled();
    }

    @Override
    public AggregateHead aggregateHead(String org, AggregateId aggregate) {
        AggregateEntry entry = entries.entry(org, aggregate);
        return entry == null ? AggregateHead.ABSENT : entry.head();
    }

    @Override
    public Optional<Register> register(String org, AggregateId aggregate, String key) {
        long readBefore = 0;
        while (true) {
            AggregateEntry entry = entries.entry(org, aggregate);
            RecentAggregate.RegisterPlace set =
                    entry == null || !entry.head().exists() ? null : index.register(org, aggregate, entry, key);
            if (set == null) {
                return Optional.empty();
            }
            RecordedEvent event = eventIn(journal.record(set.place()), set, aggregate);
            if (!RecordDecoder.isRemoved(event)) {
                return Optional.of(Register.of(event));
            }
            requireMoved(readBefore, set.place());
            readBefore = set.place();
        }
    }

    /** What was removed between a look into the index and one into the journal is not what the index says now. */
    static void requireMoved(long placeBefore, long place) {
        if (place == placeBefore) {
            throw CorruptLogException.at(place, "the index expects something here that was removed");
        }
    }

    @Override
    public boolean hasKeyless(String org, AggregateId aggregate, long afterVersion, long beforeVersion) {
        AggregateEntry entry = entries.entry(org, aggregate);
        if (entry == null || entry.head().lastKeylessVersion() <= afterVersion) {
            return false;
        }
        long from = Math.max(afterVersion + 1, entry.head().firstVersion());
        try (EventPlaces places = index.events(org, aggregate, entry, from)) {
            for (long place = places.next(); place != 0; place = places.next()) {
                for (RecordedEvent recorded : events(place, aggregate, from, Long.MAX_VALUE)) {
                    if (recorded.version() >= beforeVersion) {
                        return false;
                    }
                    if (AggregateHead.isKeyless(recorded)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** The append at a place where one must be. */
    public AppendRecord append(long place) {
        return append(journal.record(place));
    }

    public static AppendRecord append(RecordBytes record) {
        if (record.kind() == RecordFormat.Kind.APPEND && RecordDecoder.decode(record) instanceof AppendRecord append) {
            return append;
        }
        throw CorruptLogException.at(record.place(), "the index expects an append here");
    }

    /** The published snapshot of an aggregate. */
    Optional<Snapshot> snapshotOf(String org, AggregateId aggregate) {
        long readBefore = 0;
        while (true) {
            AggregateEntry entry = entries.entry(org, aggregate);
            if (entry == null || entry.snapshotPlace() == 0) {
                return Optional.empty();
            }
            RecordBytes record = journal.record(entry.snapshotPlace());
            if (record.kind() == RecordFormat.Kind.SNAPSHOT
                    && RecordDecoder.decode(record) instanceof SnapshotRecord found) {
                return Optional.of(found.snapshot());
            }
            if (record.kind() != RecordFormat.Kind.REMOVED) {
                throw CorruptLogException.at(record.place(), "the index expects a snapshot here");
            }
            requireMoved(readBefore, record.place());
            readBefore = record.place();
        }
    }

    /** The record at a place, where one must be. */
    public RecordBytes record(long place) {
        return journal.record(place);
    }

    /** The events of an aggregate in the append at a place, from one version to another. */
    public List<RecordedEvent> events(long place, AggregateId aggregate, long from, long to) {
        RecordBytes record = journal.record(place);
        requireAppend(record);
        return RecordDecoder.decodeEvents(
                record, (of, version, type) -> version >= from && version <= to && of.equals(aggregate));
    }

    static void requireAppend(RecordBytes record) {
        if (record.kind() != RecordFormat.Kind.APPEND) {
            throw CorruptLogException.at(record.place(), "the index expects an append here");
        }
    }

    /** The event of an append that sets a register. */
    static RecordedEvent eventIn(RecordBytes record, RecentAggregate.RegisterPlace set, AggregateId aggregate) {
        return eventsIn(record, Set.of(set.version()), aggregate).get(0);
    }

    /** The events of an append that set registers, read in one go. */
    static List<RecordedEvent> eventsIn(RecordBytes record, Set<Long> versions, AggregateId aggregate) {
        requireAppend(record);
        List<RecordedEvent> events = RecordDecoder.decodeEvents(
                record, (of, version, type) -> versions.contains(version) && of.equals(aggregate));
        if (events.size() != versions.size()) {
            throw CorruptLogException.at(
                    record.place(), "versions " + versions + " of the aggregate " + aggregate + " are expected here");
        }
        return events;
    }
}
