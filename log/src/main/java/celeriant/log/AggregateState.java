package celeriant.log;

import celeriant.model.AggregateId;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.util.SortedMap;

/**
 * An aggregate's last-write-wins state.
 *
 * @param position the org's position of this read: everything up to there is in it
 * @param snapshot the published one, or null
 */
public record AggregateState(
        AggregateId aggregate, long version, long position, SortedMap<String, Register> registers, Snapshot snapshot) {}
