package celeriant.log.embedded.commit;

import java.util.concurrent.TimeUnit;

/** Owns the writer thread: runs {@link GroupCommit} until the queue is closed and empty. */
public final class GroupCommitRunner {
    /** So often it looks how much room the disk has; for writes and errands it is woken. */
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(DiskWatch.INTERVAL_MILLIS);

    private final GroupCommit core;
    private final WriteQueue queue;
    private final Thread thread;

    public GroupCommitRunner(GroupCommit core, WriteQueue queue, String name) {
        this.core = core;
        this.queue = queue;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            boolean more = true;
            while (more || !queue.isClosed() || !queue.isEmpty()) {
                more = core.step(WAIT_NANOS);
            }
        } catch (InterruptedException e) {
            core.fail(e);
        } catch (RuntimeException | Error e) {
            core.fail(e);
            throw e;
        } finally {
            core.end();
        }
    }

    /** Whether the caller is the writer thread. */
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /** Waits until the thread has ended; the queue must be closed. */
    public void join() {
        ThreadEnd.await(thread);
    }
}
