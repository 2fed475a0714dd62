package celeriant.log.embedded.reads;

import celeriant.log.AggregateState;
import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.IndexKeys;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.index.RecentAggregate;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordDecoder;
import celeriant.log.sequencer.OrgHead;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.model.Registers;
import celeriant.model.Snapshot;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the registers of an aggregate: its keys from the index, their events from the journal. Thread-safe. */
final class RegisterReader {
    private final Index index;
    private final IndexedView view;

    RegisterReader(Index index, IndexedView view) {
        this.index = index;
        this.view = view;
    }

    /** The registers, and the aggregate and the org's position as of which they are. */
    record Now(AggregateEntry entry, long position, SortedMap<String, Register> registers) {
        /** Of an aggregate whose events tell all registers. */
        static Now untrimmed(AggregateEntry entry) {
            return new Now(entry, 0, Collections.emptySortedMap());
        }
    }

    /** Read again if a later snapshot was published meanwhile: what it covers may be trimmed. */
    Optional<AggregateState> state(String org, AggregateId aggregate) {
        while (true) {
            Now now = now(org, aggregate).orElse(null);
            if (now == null) {
                return Optional.empty();
            }
            long version = now.entry().head().version();
            Snapshot snapshot = view.snapshotOf(org, aggregate).orElse(null);
            if (snapshot == null || snapshot.version() <= version) {
                return Optional.of(new AggregateState(aggregate, version, now.position(), now.registers(), snapshot));
            }
        }
    }

    /** The registers as of one moment: read again if the aggregate changed meanwhile, which its entry tells. */
    Optional<Now> now(String org, AggregateId aggregate) {
        AggregateEntry before = index.aggregateEntry(org, aggregate);
        while (before != null && before.head().exists()) {
            Map<String, RecentAggregate.RegisterPlace> places = places(org, aggregate, before);
            OrgHead head = index.orgEntry(org).head();
            AggregateEntry after = index.aggregateEntry(org, aggregate);
            if (places != null && after.equals(before)) {
                SortedMap<String, Register> registers = resolve(places, aggregate);
                if (registers != null) {
                    return Optional.of(new Now(before, head.position(), registers));
                }
                after = requireMoved(org, aggregate, before);
            }
            before = after;
        }
        return Optional.empty();
    }

    /** An event was removed although the index led to it: the aggregate must have gone on meanwhile. */
    private AggregateEntry requireMoved(String org, AggregateId aggregate, AggregateEntry before) {
        AggregateEntry now = index.aggregateEntry(org, aggregate);
        if (now.equals(before)) {
            throw new CorruptLogException("the index expects a register of the aggregate " + aggregate + " of org "
                    + org + " in an event that was removed; delete the folder index, and it is built anew");
        }
        return now;
    }

    /** Null if some are of an append that the entry does not show yet, or not any more. */
    private Map<String, RecentAggregate.RegisterPlace> places(String org, AggregateId aggregate, AggregateEntry entry) {
        List<RecentAggregate> recents = index.recentsOf(org, aggregate);
        Map<String, RecentAggregate.RegisterPlace> places = new HashMap<>();
        try (IndexStore.Cursor stored = index.store()
                .cursor(IndexKeys.registersStart(entry.number()), IndexKeys.registersEnd(entry.number()))) {
            for (; stored.isValid(); stored.next()) {
                places.put(IndexKeys.keyOf(stored.key()), Index.registerPlace(stored.value()));
            }
        }
        for (RecentAggregate recent : recents) {
            if (recent.hidesOlderRegisters()) {
                places.clear();
            }
            if (!addTouched(recent, entry.head().version(), places)) {
                return null;
            }
        }
        return places;
    }

    /** @return false if one is of a later version than the one that is asked for */
    private static boolean addTouched(
            RecentAggregate recent, long version, Map<String, RecentAggregate.RegisterPlace> places) {
        Map<String, RecentAggregate.RegisterPlace> touched = recent.registers();
        if (touched == null) {
            return true;
        }
        for (Map.Entry<String, RecentAggregate.RegisterPlace> each : touched.entrySet()) {
            RecentAggregate.RegisterPlace set = each.getValue();
            if (set.version() > version) {
                return false;
            }
            if (set.place() == 0) {
                places.remove(each.getKey());
            } else {
                places.put(each.getKey(), set);
            }
        }
        return true;
    }

    /** Reads each record once, in the order of the journal; null if one of the events was removed meanwhile. */
    private SortedMap<String, Register> resolve(
            Map<String, RecentAggregate.RegisterPlace> places, AggregateId aggregate) {
        SortedMap<Long, Set<Long>> versionsByPlace = new TreeMap<>();
        for (RecentAggregate.RegisterPlace set : places.values()) {
            versionsByPlace
                    .computeIfAbsent(set.place(), place -> new HashSet<>())
                    .add(set.version());
        }
        SortedMap<String, Register> registers = new TreeMap<>(Registers::compareCodePoints);
        for (Map.Entry<Long, Set<Long>> append : versionsByPlace.entrySet()) {
            RecordBytes record = view.record(append.getKey());
            for (RecordedEvent event : IndexedView.eventsIn(record, append.getValue(), aggregate)) {
                if (RecordDecoder.isRemoved(event)) {
                    return null;
                }
                registers.put(event.event().key(), Register.of(event));
            }
        }
        return registers;
    }
}
