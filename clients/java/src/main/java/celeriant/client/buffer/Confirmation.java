package celeriant.client.buffer;

import celeriant.model.AggregateId;
import java.util.Map;

/**
 * Where an append landed.
 *
 * @param versions each aggregate's version after the append
 */
public record Confirmation(long firstPosition, long lastPosition, Map<AggregateId, Long> versions) {
    public Confirmation {
        versions = Map.copyOf(versions);
    }
}
