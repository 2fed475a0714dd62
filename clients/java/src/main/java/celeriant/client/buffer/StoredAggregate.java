package celeriant.client.buffer;

import celeriant.model.AggregateId;
import celeriant.model.Register;
import java.util.Map;

/**
 * The confirmed state of one aggregate.
 *
 * @param version 0: it does not exist, as far as is known here
 * @param position of the merged log up to which it is complete
 * @param keeps which of its events are kept too
 */
public record StoredAggregate(
        AggregateId aggregate, long version, long position, Map<String, Register> registers, History keeps) {}
