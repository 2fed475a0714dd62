package celeriant.log;

import celeriant.model.RecordedEvent;
import java.time.Duration;
import java.util.List;

/**
 * An org's merged log from a position on, pulled by its owner: catch-up, then live, without a gap, a repeat or a
 * reorder. It holds no events of its own, so a slow owner costs nothing. Confined to one thread at a time.
 */
public interface Subscription extends AutoCloseable {
    /**
     * The next visible events: whole appends, in order; waits until there are some or until {@code timeout} is over.
     *
     * @return empty when the time was over, or this or the log was closed meanwhile
     * @throws IllegalStateException if this or the log is closed already: who pulls in a loop must not spin in it
     */
    List<RecordedEvent> next(Duration timeout) throws InterruptedException;

    /** The last position accounted for: subscribe again from here to go on. */
    long position();

    /** Ends it, and a waiting {@link #next} with it. */
    @Override
    void close();
}
