package celeriant.log.reading;

import celeriant.log.TrimmedException;
import celeriant.log.sequencer.AggregateHead;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.model.Registers;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The registers of an aggregate as of an earlier version: the fold of its events up to there. Once trimmed, what is
 * left of the events no longer tells everything; then a register that was last set below the trim is taken from the
 * current state, and if that one was set again after the version that is asked for, its old value is lost and so is the
 * answer.
 */
public final class StateAt {
    private final AggregateHead head;
    private final long version;
    private final Registers fold = new Registers();
    private final Set<String> touchedBefore = new HashSet<>();
    private final Set<String> touchedAfter = new HashSet<>();
    private long position;

    /**
     * @param version at most the head's
     * @throws TrimmedException if the event of that version is gone
     */
    public StateAt(AggregateHead head, long version) {
        if (version < head.firstVersion()) {
            throw new TrimmedException(head.firstVersion());
        }
        this.head = head;
        this.version = version;
    }

    /**
     * Takes the aggregate's next event, from {@link AggregateHead#firstVersion} on.
     *
     * @return whether to go on: an untrimmed history is read up to the version, a trimmed one to its end
     */
    public boolean offer(RecordedEvent recorded) {
        boolean before = recorded.version() <= version;
        if (before) {
            fold.apply(recorded);
            position = recorded.position();
        }
        String key = recorded.event().key();
        if (key != null) {
            (before ? touchedBefore : touchedAfter).add(key);
        }
        return recorded.version() < (head.isTrimmed() ? head.version() : version);
    }

    /** The position of the event of that version. */
    public long position() {
        return position;
    }

    /**
     * The registers.
     *
     * @param current the aggregate's registers now; looked at only if it {@link AggregateHead#isTrimmed}
     * @throws TrimmedException if what they were was trimmed away
     */
    public SortedMap<String, Register> registers(Map<String, Register> current) {
        SortedMap<String, Register> registers = new TreeMap<>(Registers::compareCodePoints);
        registers.putAll(fold.asMap());
        if (head.isTrimmed()) {
            touchedAfter.removeAll(touchedBefore);
            if (!touchedAfter.isEmpty()) {
                throw new TrimmedException(head.firstVersion());
            }
            current.forEach((key, register) -> {
                if (register.version() < head.firstVersion()) {
                    registers.put(key, register);
                }
            });
        }
        return registers;
    }
}
