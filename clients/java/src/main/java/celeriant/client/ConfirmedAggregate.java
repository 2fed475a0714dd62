package celeriant.client;

import celeriant.client.buffer.AggregateChange;
import celeriant.client.buffer.History;
import celeriant.client.buffer.StoredAggregate;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.Names;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonTree;
import celeriant.wire.StateReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The confirmed state of one aggregate in memory, and how events of the log move it on. Events come in log order, and
 * may come again: one at or below the version is skipped, one beyond the next is a gap, which only reading the state
 * again can close. Moves are computed first ({@link #moveBy}), stored, and then applied. Changed on the client's thread
 * alone, under the memory lock.
 */
final class ConfirmedAggregate {
    private final AggregateId name;
    private final ConfirmedRegisters registers = new ConfirmedRegisters();
    private long version;
    private long position;
    private History keeps = History.NONE;

    ConfirmedAggregate(AggregateId name) {
        this.name = name;
    }

    void restore(StoredAggregate stored) {
        registers.replace(stored.registers());
        version = stored.version();
        position = stored.position();
        keeps = stored.keeps();
    }

    ConfirmedRegisters registers() {
        return registers;
    }

    /** 0: it does not exist, as far as is known here. */
    long version() {
        return version;
    }

    long position() {
        return position;
    }

    /** Which of its events are kept. */
    History keeps() {
        return keeps;
    }

    /** Nothing that is known can be trusted any more; the registers are shown until they are read again. */
    void distrust() {
        version = 0;
        keeps = History.NONE;
    }

    /** The change that these events of this aggregate make; null when they show a gap. */
    AggregateChange moveBy(List<RecordedEvent> events) {
        List<RecordedEvent> fresh =
                events.stream().filter(event -> event.version() > version).toList();
        Map<String, Register> touched = new LinkedHashMap<>();
        boolean reset = false;
        History kept = keeps;
        long next = version;
        for (RecordedEvent recorded : fresh) {
            if (recorded.version() != ++next) {
                return null;
            }
            Event event = recorded.event();
            if (event.type().equals(Names.DELETED)) {
                reset = true;
                touched.clear();
            } else if (event.key() != null && !event.type().startsWith("$")) {
                touched.put(event.key(), event.data().isJsonNull() ? null : Register.of(recorded));
            }
            if (kept.isKept()) {
                kept = kept.from(trimmedUpTo(recorded));
            }
        }
        long keepFrom = kept.after();
        List<RecordedEvent> history = kept.isKept()
                ? fresh.stream().filter(event -> event.version() > keepFrom).toList()
                : List.of();
        long reached = fresh.isEmpty() ? position : fresh.get(fresh.size() - 1).position();
        return new AggregateChange(name, next, reached, reset, touched, kept, history, false);
    }

    /**
     * The change that puts what the gateway says in the place of what is known; null: it says that there is nothing.
     */
    AggregateChange replacedBy(StateReader.State state, long asOf) {
        return state == null
                ? new AggregateChange(name, 0, asOf, true, Map.of(), keeps, List.of(), false)
                : new AggregateChange(
                        name, state.version(), state.position(), true, state.registers(), keeps, List.of(), false);
    }

    void apply(AggregateChange change) {
        if (change.registersReset() || change.forgotten()) {
            registers.replace(Map.of());
        }
        if (change.registersReset() && !change.registers().containsValue(null)) {
            registers.replace(change.registers());
        } else {
            registers.change(change.registers());
        }
        version = change.version();
        position = change.position();
        keeps = change.keeps();
    }

    /** Whether events of these drop some that were kept: what a fold may begin with is another matter then. */
    static boolean trims(List<RecordedEvent> events) {
        return events.stream().anyMatch(event -> event.event().type().equals(Names.TRIMMED));
    }

    /** The version up to which an event takes the history away; 0 when it takes nothing. */
    private static long trimmedUpTo(RecordedEvent recorded) {
        String type = recorded.event().type();
        if (type.equals(Names.DELETED)) {
            return recorded.version();
        }
        if (!type.equals(Names.TRIMMED)) {
            return 0;
        }
        try {
            Object data = JsonTree.read(recorded.event().data().bytes());
            return data instanceof Map<?, ?> fields && fields.get("firstVersion") instanceof Long first ? first - 1 : 0;
        } catch (BadBodyException e) {
            return 0;
        }
    }
}
