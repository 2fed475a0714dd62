package celeriant.client.buffer;

import celeriant.model.Snapshot;

/**
 * Which events of an aggregate are kept.
 *
 * @param after they are complete behind this version, and none is kept at or below it; {@link #NONE} has -1
 * @param tail whether events that the log still has were left out, because the snapshot says what they came to
 * @param snapshot what a fold may begin with, published by an application; or null
 */
public record History(long after, boolean tail, Snapshot snapshot) {
    /** No events are kept. */
    public static final History NONE = new History(-1, false, null);

    /** All events behind a version, which is the first that the log has, or 0. */
    public static History all(long after) {
        return new History(after, false, null);
    }

    /** Whether any events are kept. */
    public boolean isKept() {
        return after >= 0;
    }

    /** The same from a later version on. */
    public History from(long newAfter) {
        return newAfter <= after ? this : new History(newAfter, tail, snapshot);
    }
}
