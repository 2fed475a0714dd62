package celeriant.log.embedded;

import celeriant.log.embedded.commit.GroupSyncs;
import celeriant.log.embedded.commit.WriteQueue;
import celeriant.log.embedded.disk.DiskStall;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Syncs as late as possible: a group is written only when the writer has nothing else to do or cannot go on without, so
 * that all that may be decided on what is not durable is. On the test's one thread.
 */
class LateSyncs implements GroupSyncs {
    private final BooleanSupplier pays;
    private DiskStall.DiskWork<Void> work;
    private IOException failure;

    /** @param pays whether the next group is handed over at all */
    LateSyncs(BooleanSupplier pays) {
        this.pays = pays;
    }

    @Override
    public boolean pays(long payloadBytes) {
        return pays.getAsBoolean();
    }

    @Override
    public void begin(DiskStall.DiskWork<Void> newWork) {
        if (work != null) {
            throw new IllegalStateException("two groups are on their way");
        }
        work = newWork;
    }

    @Override
    public boolean isDone() {
        return work == null;
    }

    @Override
    public void awaitOr(WriteQueue queue) {
        DiskStall.DiskWork<Void> due = work;
        work = null;
        if (due == null) {
            return;
        }
        try {
            due.run();
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public void end() throws IOException {
        awaitOr(null);
        IOException failed = failure;
        failure = null;
        if (failed != null) {
            throw failed;
        }
    }
}
