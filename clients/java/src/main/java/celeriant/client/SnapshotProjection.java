package celeriant.client;

import celeriant.model.EventData;

/**
 * A fold that can begin with a state that an application published ({@link Celeriant#publishSnapshot}): then only the
 * events behind the latest snapshot are read and kept, not all that there are.
 *
 * @param <S> the state
 */
public interface SnapshotProjection<S> extends LiveProjection<S> {
    /**
     * The state that a published snapshot holds. When it throws, the snapshot is set aside and all events are read.
     *
     * @param version of the aggregate up to which events are in it
     */
    S fromSnapshot(long version, EventData snapshot);
}
