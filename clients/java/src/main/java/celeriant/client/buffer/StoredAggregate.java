package celeriant.client.buffer;

import celeriant.model.AggregateId;
import celeriant.model.Register;
import java.util.Map;

/**
 * The confirmed state of one aggregate.
 *
 * @param version 0: it does not exist, as far as is known here
 * @param position of the merged log up to which it is complete
 * @param historyAfter if its events are kept too: they are complete behind this version; else {@link #NO_HISTORY}
 */
public record StoredAggregate(
        AggregateId aggregate, long version, long position, Map<String, Register> registers, long historyAfter) {
    /** Events are not kept. */
    public static final long NO_HISTORY = -1;
}
