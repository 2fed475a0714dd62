package celeriant.client;

import celeriant.client.buffer.BufferException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Owns the client's thread: runs what is posted to it in order, lets the loop step after that, and sleeps until there
 * is more or something is due. {@link #execute} may be called from any thread.
 */
final class SyncRunner implements Executor {
    private static final Logger LOG = Logger.getLogger("celeriant.client");
    private static final long SLEEP_MAX_MILLIS = 60_000;

    private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    private final LongSupplier clock;
    private final Thread thread;
    private SyncLoop loop;
    private volatile boolean ending;
    /** Nothing is run any more. Guarded by {@link #posted}. */
    private boolean ended;

    SyncRunner(String name, LongSupplier clock) {
        this.clock = clock;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start(SyncLoop driven) {
        loop = driven;
        thread.start();
    }

    /** What comes when the client is closed is dropped. */
    @Override
    public void execute(Runnable work) {
        takes(work);
    }

    /** Runs work, unless the client is closed. Returns whether it will be run. */
    boolean takes(Runnable work) {
        synchronized (posted) {
            return !ended && posted.add(work);
        }
    }

    /** Wakes the loop: there is something for it to look at. */
    void wake() {
        execute(() -> {});
    }

    /** Runs what was posted, steps once more, and ends the thread. */
    void end() {
        ending = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // What was appended is stored first: whoever closes a store under it would lose that.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!isOver()) {
                long sleep = Math.min(SLEEP_MAX_MILLIS, loop.dueMillis() - clock.getAsLong());
                Runnable work = posted.poll(Math.max(0, sleep), TimeUnit.MILLISECONDS);
                for (; work != null; work = posted.poll()) {
                    guarded(work);
                }
                guarded(loop::step);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOver() {
        synchronized (posted) {
            ended = ending && posted.isEmpty();
            return ended;
        }
    }

    /** Whatever goes wrong in here ends the session, not the thread: what is pending must not be stuck for ever. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (BufferException e) {
            loop.failed(e);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.SEVERE, "the client's thread goes on after what should not happen", e);
            loop.failed(e);
        }
    }
}
