package celeriant.log.embedded.commit;

import celeriant.log.OutcomeUnknownException;
import celeriant.log.StorageFailedException;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.sequencer.Decision;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.LogView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer: takes all that waits and decides it in order; a {@link CommitPipeline} writes the records with one write
 * and one sync, and only then applies them to the index, tells the tails, and answers. A write or sync that fails is
 * final: the page cache may claim afterwards that all is well, so nothing is written to these files any more until a
 * restart has read them back.
 *
 * <p>Confined to the writer thread, which {@link GroupCommitRunner} owns.
 */
public final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** Without a write for so long, the mark of what is durable is synced, which costs nobody anything then. */
    private static final long IDLE_MILLIS = 1_000;

    private final WriteQueue queue;
    private final CommitPipeline pipeline;
    private final GroupWrites writes;
    private final InstantSource clock;
    private final DiskWatch diskWatch;
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;
    private long wroteAtMillis;

    public GroupCommit(
            WriteQueue queue, CommitPipeline pipeline, GroupWrites writes, InstantSource clock, DiskWatch diskWatch) {
        this.queue = queue;
        this.pipeline = pipeline;
        this.writes = writes;
        this.clock = clock;
        this.diskWatch = diskWatch;
    }

    /**
     * Decides what waits, and settles what has come back from the disk.
     *
     * @param waitNanos how long to wait for the first write if there is nothing to do
     * @return whether there was something to do
     */
    public boolean step(long waitNanos) throws InterruptedException {
        diskWatch.step(clock.millis());
        runErrands();
        boolean isIdle = pipeline.isIdle();
        PendingWrite<?> write = queue.poll(isIdle ? waitNanos : 0);
        if (write == null && isIdle) {
            idle();
            return false;
        }
        wroteAtMillis = clock.millis();
        try {
            while (write != null) {
                decide(write);
                pipeline.look();
                write = pipeline.hasRoom() ? queue.poll(0) : null;
            }
            pipeline.advance();
        } catch (IOException | RuntimeException e) {
            fail(write, e);
        } catch (Error e) {
            fail(write, e);
            throw e;
        }
        return true;
    }

    private void idle() {
        if (hasFailed()) {
            return;
        }
        try {
            pipeline.idle();
            if (Math.abs(clock.millis() - wroteAtMillis) >= IDLE_MILLIS) {
                writes.syncMark();
            }
        } catch (IOException | RuntimeException e) {
            fail(null, e);
        }
    }

    /**
     * Has something done by the writer thread between two groups, when all that is durable is applied. An
     * {@link IOException} in it is a failure of the storage. May be called by any thread.
     */
    public <T> CompletableFuture<T> betweenGroups(Errand<T> errand) {
        CompletableFuture<T> done = new CompletableFuture<>();
        errands.add(() -> run(errand, done));
        queue.nudge();
        if (ended) {
            end();
        }
        return done;
    }

    /** The writer thread is gone: nothing more is done between groups. */
    void end() {
        ended = true;
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
    }

    /** The writer thread ends before its time. */
    void fail(Throwable cause) {
        if (!hasFailed()) {
            fail(null, cause);
        }
    }

    /** Whether nothing is taken until a restart; for any thread. */
    public boolean hasFailed() {
        return queue.failure() != null;
    }

    private void runErrands() {
        if (errands.isEmpty()) {
            return;
        }
        try {
            pipeline.settleAll();
        } catch (IOException | RuntimeException e) {
            fail(null, e);
        }
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
    }

    private <T> void run(Errand<T> errand, CompletableFuture<T> done) {
        if (queue.failure() != null) {
            done.completeExceptionally(new StorageFailedException(queue.failure()));
            return;
        }
        if (ended) {
            done.completeExceptionally(new IllegalStateException("the log is closed"));
            return;
        }
        try {
            done.complete(writes.during(errand::run));
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
            fail(null, e);
        } catch (Error e) {
            done.completeExceptionally(e);
            throw e;
        }
    }

    private <T> void decide(PendingWrite<T> write) throws IOException {
        Decision<T> decision;
        try {
            decision = write.decider().decide(pipeline.overlay(), clock.millis());
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("a write could not be decided", e);
            pipeline.settleAll();
            write.answer().completeExceptionally(e);
            pipeline.startAnew();
            return;
        }
        if (decision.failure() != null && decision.failure().getCause() instanceof UncheckedIOException e) {
            throw e;
        }
        try {
            for (LogRecord record : decision.records()) {
                pipeline.add(record, clock.millis());
            }
        } catch (UnwritableRecordException e) {
            // What of the write stands before it is recorded, so the answer to the whole is "send it again".
            LOG.error("a write could not be recorded", e);
            pipeline.settleAll();
            write.answer().completeExceptionally(new OutcomeUnknownException(e.getMessage(), e));
            pipeline.startAnew();
            return;
        }
        pipeline.answer(write, decision);
    }

    private void fail(PendingWrite<?> current, Throwable cause) {
        String why = isOfStorage(cause)
                ? "the log's storage failed: " + cause + "; restart once the disk is good"
                : "the log stopped at a fault that is not the disk's: " + cause + "; restart";
        LOG.error("{}", why, cause);
        queue.fail(why);
        OutcomeUnknownException unknown =
                new OutcomeUnknownException("the log stopped while this was written: send the same again", cause);
        pipeline.fail(unknown);
        if (current != null) {
            current.answer().completeExceptionally(unknown);
        }
    }

    /** Whether a call to the disk failed, or what was read from it is damaged. */
    private static boolean isOfStorage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof CorruptLogException) {
                return true;
            }
        }
        return false;
    }

    /** Something to be done between two groups. */
    public interface Errand<T> {
        T run() throws IOException;
    }

    /** How the appends of a group become known. */
    public interface Announcements {
        void announce(List<LogRecord> records, LogView durable);
    }
}
