package celeriant.log.embedded.commit;

import celeriant.log.embedded.disk.DiskStall;
import java.io.IOException;

/**
 * Where a group is written and synced while the writer decides the next one: one at a time, in order. Called by the
 * writer thread.
 */
public interface GroupSyncs {
    /** Whether deciding so many payload bytes meanwhile is worth the hand-over to another thread. */
    boolean pays(long payloadBytes);

    /** Begins; what was begun before has been {@link #end ended}. */
    void begin(DiskStall.DiskWork<Void> work);

    /** Whether what was begun has come back, or nothing was begun. */
    boolean isDone();

    /** Waits until what was begun has come back, or there is enough in the queue to go on with. */
    void awaitOr(WriteQueue queue);

    /** Waits until what was begun has come back. @throws IOException if it failed */
    void end() throws IOException;
}
