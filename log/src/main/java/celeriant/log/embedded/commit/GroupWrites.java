package celeriant.log.embedded.commit;

import celeriant.log.embedded.disk.DiskStall;
import celeriant.log.embedded.journal.Journal;
import java.io.IOException;

/**
 * How groups get to the disk: each behind the one before, by the writer itself or by another thread
 * ({@link GroupSyncs}) while the writer decides the next. {@link DiskStall} knows of all that waits for the disk.
 * Confined to the writer thread.
 */
public final class GroupWrites {
    private final Journal journal;
    private final GroupSyncs syncs;
    private final DiskStall diskStall;
    private final Meters meters;

    public GroupWrites(Journal journal, GroupSyncs syncs, DiskStall diskStall, Meters meters) {
        this.journal = journal;
        this.syncs = syncs;
        this.diskStall = diskStall;
        this.meters = meters;
    }

    /** Where the next group will be. */
    long end() {
        return journal.end();
    }

    /** Bytes that it may take before {@link #roll}. */
    long room() {
        return journal.room();
    }

    /** Goes on in the next segment. */
    void roll(long nowMillis, long roomWanted) throws IOException {
        during(() -> {
            journal.roll(nowMillis, roomWanted);
            return null;
        });
    }

    /** Writes a group and syncs it, here and now. */
    void write(Group group) throws IOException {
        work(group).run();
    }

    /** Has a group written and synced by another thread; the one before has {@link #awaitEnd ended}. */
    void begin(Group group) {
        syncs.begin(work(group));
    }

    private DiskStall.DiskWork<Void> work(Group group) {
        DiskStall.DiskWork<Void> write = journal.begin(group.placedAt(journal.end()));
        return () -> {
            long since = meters.now();
            during(write);
            group.took(meters.now() - since);
            return null;
        };
    }

    /** Whether what was begun has come back, or nothing was. */
    boolean isDone() {
        return syncs.isDone();
    }

    /** Whether to {@link #begin} pays when so many payload bytes are decided meanwhile. */
    boolean pays(long payloadBytes) {
        return syncs.pays(payloadBytes);
    }

    /** Waits until what was begun has come back, or there is enough in the queue to go on with. */
    void awaitOr(WriteQueue queue) {
        syncs.awaitOr(queue);
    }

    /** Waits until what was begun has come back. @throws IOException if it failed */
    void awaitEnd() throws IOException {
        syncs.end();
    }

    /** Makes a machine that goes down remember how far the journal is durable. */
    void syncMark() throws IOException {
        during(() -> {
            journal.syncMark();
            return null;
        });
    }

    /** Anything else that waits for the disk. */
    <T> T during(DiskStall.DiskWork<T> work) throws IOException {
        return diskStall.during(work);
    }
}
