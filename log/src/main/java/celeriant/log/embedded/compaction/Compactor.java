package celeriant.log.embedded.compaction;

import celeriant.log.Measures;
import celeriant.log.embedded.commit.GroupCommit;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.IndexWriter;
import celeriant.log.embedded.index.Listing;
import celeriant.log.embedded.journal.Journal;
import celeriant.log.embedded.journal.Segment;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewrites sealed segments: packs each once it is sealed, and goes through all of them, the oldest first, when trims
 * and deletes have left something that must be gone by a deadline. The second is a whole read of the log; it begins
 * after half of the time and has the other half to end.
 *
 * <p>Polled by {@link CompactionRunner}. Thread-safe: one compaction at a time.
 */
public final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    /** Has the writer do something between two groups, and waits for it. */
    public interface Writer {
        <T> T call(GroupCommit.Errand<T> errand) throws IOException;
    }

    /** Writes a segment anew; null if there is no need to. */
    private interface Rewrite {
        Segment of(Segment segment) throws IOException;
    }

    private final Disk disk;
    private final Journal journal;
    private final Index index;
    private final IndexWriter indexWriter;
    private final SegmentRewriter rewriter;
    private final long deadlineMillis;
    private final ReentrantLock files = new ReentrantLock();
    private long lastStarted;
    private long discardsDone;
    private boolean leftSome;
    private long packedUpTo;
    private volatile long failures;

    /** @param openedMillis when the log was opened: what is not there yet is not due before */
    public Compactor(
            Disk disk,
            Journal journal,
            Index index,
            IndexWriter indexWriter,
            SegmentRewriter rewriter,
            long deadlineMillis,
            long openedMillis)
            throws IOException {
        this.disk = disk;
        this.journal = journal;
        this.index = index;
        this.indexWriter = indexWriter;
        this.rewriter = rewriter;
        this.deadlineMillis = deadlineMillis;
        this.discardsDone = index.discardWatch().count();
        this.leftSome = new Listing(index)
                .orgs().stream().anyMatch(org -> index.orgEntry(org).discards() > 0);
        this.lastStarted = leftSome ? CompactionState.read(disk) : openedMillis;
    }

    /** Does the next piece of work. @return whether there was one */
    public synchronized boolean step(long nowMillis, Writer writer) throws IOException {
        // A clock that was put back must not put off what is due.
        lastStarted = Math.min(lastStarted, nowMillis);
        boolean isLeft = leftSome || index.discardWatch().count() != discardsDone;
        if (isLeft && nowMillis - lastStarted >= deadlineMillis / 2) {
            compact(nowMillis, writer);
            return true;
        }
        return packNext();
    }

    /** Removes all that was trimmed or deleted before; when it returns, no file holds it. */
    public synchronized void compact(long nowMillis, Writer writer) throws IOException {
        // Who stops it waits for us, and closes the store only then.
        rewriter.requireGoingOn();
        index.store().flush(true);
        long discards = writer.call(() -> {
            if (journal.hasActiveRecords()) {
                journal.roll(nowMillis, 0);
            }
            // Events that cleared registers go: an index that a crash leaves behind them would keep the older values.
            indexWriter.writeAll();
            return index.discardWatch().start();
        });
        try {
            IndexedRemovable removable = new IndexedRemovable(index);
            int rewritten = 0;
            for (Segment segment : journal.sealed()) {
                rewritten += replace(segment, old -> rewriter.rewrite(old, removable)) ? 1 : 0;
            }
            CompactionState.write(disk, nowMillis);
            lastStarted = nowMillis;
            discardsDone = discards;
            leftSome = removable.leavesSome();
            LOG.info("compaction: {} segments written anew, what was trimmed and deleted is gone", rewritten);
        } finally {
            index.discardWatch().stop();
        }
    }

    private boolean packNext() throws IOException {
        for (Segment segment : journal.sealed()) {
            if (segment.number() > packedUpTo) {
                boolean wasPacked = replace(segment, rewriter::pack);
                packedUpTo = segment.number();
                if (wasPacked) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean replace(Segment segment, Rewrite rewrite) throws IOException {
        files.lock();
        try {
            Segment newer = rewrite.of(segment);
            if (newer == null) {
                return false;
            }
            journal.replace(newer);
            disk.syncFolder();
            return true;
        } finally {
            files.unlock();
        }
    }

    /** Says that a step failed; the thread that steps. */
    void failed() {
        failures = failures + 1;
    }

    /** Any thread. */
    public void show(Measures into) {
        into.counter(
                "compaction_failures_total",
                "Times that packing or compaction failed; it is tried again after a minute.",
                failures);
    }

    /** Waits until nobody compacts or holds; who begins later sees that it is to stop. */
    synchronized void awaitEnd() {
        files.lock();
        files.unlock();
    }

    /** Does something while no segment's file is replaced; any thread. */
    public <T> T hold(GroupCommit.Errand<T> task) throws IOException {
        files.lock();
        try {
            return task.run();
        } finally {
            files.unlock();
        }
    }
}
