package celeriant.gateway.stream;

import celeriant.gateway.read.EventFilter;

/**
 * The subscribers of one event loop that ask for the same: what is made for one of them goes to all. Confined to the
 * loop.
 */
final class SameFilter {
    private final EventFilter filter;
    private int subscribers;
    private long madeFrom;
    private Feed.Chunk made;

    SameFilter(EventFilter filter) {
        this.filter = filter;
    }

    EventFilter filter() {
        return filter;
    }

    void join() {
        subscribers++;
    }

    /** Whether that was the last one. */
    boolean leave() {
        return --subscribers == 0;
    }

    /** What was made last, if it follows {@code position}; else null. */
    Feed.Chunk made(long position) {
        return madeFrom == position ? made : null;
    }

    /** Keeps what follows {@code position} for the others, if there are others. */
    void make(long position, Feed.Chunk chunk) {
        if (subscribers > 1) {
            madeFrom = position;
            made = chunk;
        }
    }
}
