package celeriant.log.memory;

import celeriant.log.AggregateState;
import celeriant.log.reading.AggregatePageBuilder;
import celeriant.log.reading.StateAt;
import celeriant.log.sequencer.AggregateHead;
import celeriant.log.sequencer.SnapshotRecord;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.model.Registers;
import celeriant.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** One aggregate: its head, the events that are still there, its registers. Guarded by the log's lock. */
final class MemoryAggregate {
    private final AggregateId id;
    private final List<RecordedEvent> events = new ArrayList<>();
    private AggregateHead head = AggregateHead.ABSENT;
    private Registers registers = new Registers();
    private Snapshot snapshot;

    MemoryAggregate(AggregateId id) {
        this.id = id;
    }

    AggregateId id() {
        return id;
    }

    AggregateHead head() {
        return head;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** Applies the next event; @return the events that it took away. */
    List<RecordedEvent> apply(RecordedEvent recorded) {
        head = head.after(recorded);
        if (head.exists()) {
            registers.apply(recorded);
        } else {
            registers = new Registers();
        }
        if (head.snapshotVersion() == 0) {
            snapshot = null;
        }
        events.add(recorded);
        int gone = (int) (events.size() - head.count());
        List<RecordedEvent> dropped = List.copyOf(events.subList(0, gone));
        events.subList(0, gone).clear();
        return dropped;
    }

    void apply(SnapshotRecord record) {
        head = head.withSnapshot(record.version());
        snapshot = record.snapshot();
    }

    Optional<Register> register(String key) {
        return Optional.ofNullable(registers.asMap().get(key));
    }

    boolean hasKeyless(long afterVersion, long beforeVersion) {
        return events.stream()
                .filter(recorded -> recorded.version() > afterVersion && recorded.version() < beforeVersion)
                .anyMatch(AggregateHead::isKeyless);
    }

    void read(AggregatePageBuilder page) {
        long version = page.start();
        while (version <= page.end() && page.offer(event(version))) {
            version++;
        }
    }

    AggregateState state(long position) {
        TreeMap<String, Register> copy = new TreeMap<>(registers.asMap());
        return new AggregateState(id, head.version(), position, copy, snapshot);
    }

    AggregateState stateAt(long version) {
        StateAt state = new StateAt(head, version);
        long next = head.firstVersion();
        while (state.offer(event(next))) {
            next++;
        }
        Snapshot covered = snapshot != null && snapshot.version() <= version ? snapshot : null;
        return new AggregateState(id, version, state.position(), state.registers(registers.asMap()), covered);
    }

    private RecordedEvent event(long version) {
        return events.get((int) (version - head.firstVersion()));
    }
}
