package celeriant.gateway.http;

import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * The threads on which the log is read and proofs are checked: a fixed number of them, with a bounded queue. When that
 * is full the answer is {@code busy}, never an endless wait. Any thread may hand in work.
 */
public final class Workers implements AutoCloseable {
    private static final long STOP_SECONDS = 5;

    private final ExecutorService threads;
    private final IntSupplier waiting;

    public Workers(String name, int count, int queueMax) {
        AtomicInteger number = new AtomicInteger();
        LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(queueMax);
        threads = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, queue, task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        waiting = queue::size;
    }

    /** Somebody else's threads, or none: a simulation runs tasks when it pleases. */
    public Workers(ExecutorService threads) {
        this.threads = threads;
        this.waiting = () -> 0;
    }

    /**
     * Runs {@code task} soon.
     *
     * @throws RefusedException {@code busy}
     */
    public void run(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            throw RefusedException.of(ErrorCode.BUSY, "Too much waits to be read; try again.");
        }
    }

    /** Runs {@code task} soon, or not at all while too much waits; @return whether it will run. */
    public boolean runIfIdle(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** How many tasks wait. */
    public int waiting() {
        return waiting.getAsInt();
    }

    /** Finishes what was taken, within a few seconds. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
