package celeriant.client.buffer;

import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the confirmed state of one aggregate moves on.
 *
 * @param registersReset drop the registers that are stored before putting these
 * @param registers null as a value clears one
 * @param keeps which events are kept from now on; those at or below its version are dropped
 * @param history events to keep
 * @param forgotten nothing of the aggregate may be seen any more
 */
public record AggregateChange(
        AggregateId aggregate,
        long version,
        long position,
        boolean registersReset,
        Map<String, Register> registers,
        History keeps,
        List<RecordedEvent> history,
        boolean forgotten) {
    public AggregateChange {
        registers = Collections.unmodifiableMap(new LinkedHashMap<>(registers));
        history = List.copyOf(history);
    }

    /** The change that takes everything away. */
    public static AggregateChange forget(AggregateId aggregate) {
        return new AggregateChange(aggregate, 0, 0, true, Map.of(), History.NONE, List.of(), true);
    }
}
