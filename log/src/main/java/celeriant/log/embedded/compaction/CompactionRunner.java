package celeriant.log.embedded.compaction;

import celeriant.log.embedded.commit.GroupCommit;
import celeriant.log.embedded.commit.ThreadEnd;
import celeriant.log.embedded.system.ThreadRank;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the thread of a {@link Compactor}, which comes after others: looks for work every so often. Whatever fails, an
 * {@link Error} too, is told, and tried again after a rest.
 */
public final class CompactionRunner {
    private static final Logger LOG = LoggerFactory.getLogger(CompactionRunner.class);
    private static final long IDLE_MILLIS = 200;
    private static final long AFTER_FAILURE_MILLIS = 60_000;

    private final Compactor compactor;
    private final GroupCommit core;
    private final InstantSource clock;
    private final CountDownLatch stop;
    private final Thread thread;

    /** @param stop counted down when it must end; the rewriter asks for it as well */
    public CompactionRunner(Compactor compactor, GroupCommit core, InstantSource clock, CountDownLatch stop) {
        this.compactor = compactor;
        this.core = core;
        this.clock = clock;
        this.stop = stop;
        this.thread = Thread.ofPlatform().name("celeriant-compaction").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        ThreadRank.behind();
        try {
            long wait = 0;
            while (!stop.await(wait, TimeUnit.MILLISECONDS)) {
                wait = step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SegmentRewriter.StoppedException e) {
            LOG.debug("stopped in the middle of a segment");
        }
    }

    /** Does the next piece of work, if there is one. @return how long to wait before the next, in milliseconds */
    public long step() {
        if (core.hasFailed()) {
            return AFTER_FAILURE_MILLIS;
        }
        try {
            return compactor.step(clock.millis(), this::call) ? 0 : IDLE_MILLIS;
        } catch (SegmentRewriter.StoppedException e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            compactor.failed();
            LOG.error("compaction failed, the log goes on without; it is tried again", e);
            return AFTER_FAILURE_MILLIS;
        }
    }

    private <T> T call(GroupCommit.Errand<T> errand) throws IOException {
        CompletableFuture<T> done = core.betweenGroups(errand);
        while (stop.getCount() > 0) {
            try {
                return done.get(IDLE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.debug("the writer is busy");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SegmentRewriter.StoppedException();
            } catch (ExecutionException e) {
                throw new IOException("the segment could not be sealed", e.getCause());
            }
        }
        throw new SegmentRewriter.StoppedException();
    }

    /** Compacts at once, in the calling thread. */
    public void compact() throws IOException {
        compactor.compact(clock.millis(), this::call);
    }

    /** Waits until the thread has ended, and what other threads do with the journal's files. */
    public void stop() {
        stop.countDown();
        ThreadEnd.await(thread);
        compactor.awaitEnd();
    }

    /** Whether what goes through many files is to end. */
    public boolean isStopped() {
        return stop.getCount() == 0;
    }
}
