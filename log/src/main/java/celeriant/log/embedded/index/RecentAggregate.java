package celeriant.log.embedded.index;

import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.sequencer.AggregateHead;
import celeriant.log.sequencer.Tombstone;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import celeriant.model.Registers;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What the records of one {@link Recent} did to one aggregate. Changed by the writer thread, read by any. */
public final class RecentAggregate {
    /**
     * The event that a register is set to.
     *
     * @param place of its record; 0 = it was cleared
     */
    public record RegisterPlace(long place, long version) {}

    private final PlaceList events = new PlaceList();
    /** As it is after the events that were applied; the writer's alone. */
    private AggregateEntry next;

    private boolean isNamed;
    private volatile AggregateEntry entry;
    private volatile ConcurrentSkipListMap<String, RegisterPlace> registers;
    private volatile boolean hidesOlderRegisters;

    /** @param entry as it was before */
    RecentAggregate(AggregateEntry entry) {
        this.next = entry;
        this.entry = entry;
        this.isNamed = entry.head().version() == 0;
    }

    /** As readers see it: whole appends. */
    public AggregateEntry entry() {
        return entry;
    }

    /** Versions that begin an append, and the places of the records. */
    public PlaceList events() {
        return events;
    }

    /** By key; null if none was touched. One may be of a version that {@link #entry} has not reached yet. */
    public Map<String, RegisterPlace> registers() {
        return registers;
    }

    /** Whether it was deleted here, so that what an older {@link Recent} or the store says of registers is past. */
    public boolean hidesOlderRegisters() {
        return hidesOlderRegisters;
    }

    /**
     * Applies the aggregate's next event; readers see it once it is {@link #show shown}.
     *
     * @param isFirst whether it is the record's first event of this aggregate
     * @return how many registers it added to those that were touched here: 0 or 1
     */
    public int apply(RecordedEvent recorded, long place, boolean isFirst) {
        if (isFirst) {
            events.add(recorded.version(), place);
        }
        AggregateHead head = next.head().after(recorded);
        return switch (Tombstone.of(recorded.event())) {
            case Tombstone.Deleted deleted -> {
                next = new AggregateEntry(head, next.number(), 0);
                // Before its registers go: nobody may see it with none.
                show();
                registers = null;
                hidesOlderRegisters = true;
                yield 0;
            }
            case Tombstone.Trimmed trimmed -> {
                next = new AggregateEntry(head, next.number(), trimmed.keepsSnapshot() ? next.snapshotPlace() : 0);
                yield 0;
            }
            case null -> {
                next = new AggregateEntry(head, next.number(), next.snapshotPlace());
                yield applyKey(recorded.event(), recorded.version(), place);
            }
        };
    }

    /** Lets readers see what was applied: an append whole, or not at all. */
    public void show() {
        entry = next;
    }

    private int applyKey(Event event, long version, long place) {
        if (event.key() == null) {
            return 0;
        }
        if (registers == null) {
            registers = new ConcurrentSkipListMap<>(Registers::compareCodePoints);
        }
        RegisterPlace set = new RegisterPlace(event.data().isJsonNull() ? 0 : place, version);
        return registers.put(event.key(), set) == null ? 1 : 0;
    }

    /** Whether it is not enough to find it by its last append: it is new, or has a new snapshot. Asked once frozen. */
    boolean isNamed() {
        return isNamed;
    }

    void applySnapshot(long version, long place) {
        isNamed = true;
        next = new AggregateEntry(next.head().withSnapshot(version), next.number(), place);
    }
}
