package celeriant.log.embedded.commit;

import celeriant.log.embedded.disk.DiskStall;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Owns the thread that writes and syncs groups for the writer when there is much to do. It makes no difference to what
 * comes after what: the writer goes on only with what came back. Used by the writer thread; closed by another, once
 * that has ended.
 */
public final class SyncRunner implements GroupSyncs {
    /**
     * Deciding this much takes several times as long as waking a thread. Measured: with less, single appends cost more
     * in both threads together than they gain.
     */
    private static final long PAYS_BYTES = 256 << 10;

    /** Waking the writer for less costs more than the time that it uses. */
    private static final int WAKE_WRITES = 32;

    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A piece of work on its way, told between the two threads by {@link #isBack}. */
    private static final class Trip {
        private final DiskStall.DiskWork<Void> work;
        private final Thread writer = Thread.currentThread();
        private Throwable failure;
        private volatile boolean isBack;

        Trip(DiskStall.DiskWork<Void> work) {
            this.work = work;
        }

        void run() {
            try {
                work.run();
            } catch (Throwable e) {
                failure = e;
            }
            isBack = true;
            LockSupport.unpark(writer);
        }
    }

    private final Thread thread;
    private volatile Trip next;
    private volatile boolean closed;
    private Trip latest;

    public SyncRunner(String name) {
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            Trip trip = next;
            if (trip == null) {
                LockSupport.park(this);
            } else {
                next = null;
                trip.run();
            }
        }
    }

    @Override
    public boolean pays(long payloadBytes) {
        return payloadBytes >= PAYS_BYTES;
    }

    @Override
    public void begin(DiskStall.DiskWork<Void> work) {
        latest = new Trip(work);
        next = latest;
        LockSupport.unpark(thread);
    }

    @Override
    public boolean isDone() {
        return latest == null || latest.isBack;
    }

    @Override
    public void awaitOr(WriteQueue queue) {
        queue.await(WAKE_WRITES, WAIT_NANOS, this::isDone);
    }

    @Override
    public void end() throws IOException {
        boolean interrupted = false;
        while (!isDone()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable failure = latest == null ? null : latest.failure;
        latest = null;
        switch (failure) {
            case null -> {}
            case IOException e -> throw new IOException(e.getMessage(), e);
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    /** Waits until the thread has ended. */
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }
}
