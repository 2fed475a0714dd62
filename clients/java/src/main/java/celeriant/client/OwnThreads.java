package celeriant.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The two threads of a client, which end with it. */
final class OwnThreads implements Threads {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final SyncRunner runner;
    /** Whoever is told after the end is not told any more. */
    private final ExecutorService teller = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::tellingThread,
            new ThreadPoolExecutor.DiscardPolicy());

    private volatile Thread telling;

    OwnThreads(LongSupplier clock) {
        runner = new SyncRunner("celeriant-syncs", clock);
    }

    private Thread tellingThread(Runnable task) {
        Thread thread = new Thread(task, "celeriant-tells");
        thread.setDaemon(true);
        telling = thread;
        return thread;
    }

    @Override
    public void start(SyncLoop loop) {
        runner.start(loop);
    }

    @Override
    public void execute(Runnable work) {
        runner.execute(work);
    }

    @Override
    public void wake() {
        runner.wake();
    }

    @Override
    public <T> T call(Supplier<T> work) {
        CompletableFuture<T> called = new CompletableFuture<>();
        boolean taken = runner.takes(() -> {
            try {
                called.complete(work.get());
            } catch (RuntimeException | Error e) {
                called.completeExceptionally(e);
            }
        });
        if (!taken) {
            throw new IllegalStateException("the client is closed");
        }
        try {
            return called.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the client was asked", e);
        }
    }

    @Override
    public Executor teller() {
        return teller;
    }

    @Override
    public void end() {
        runner.end();
        teller.shutdown();
        try {
            // Closed by one of those who are told: what else there is to tell comes behind that.
            boolean isTold = Thread.currentThread() == telling;
            if (!isTold && !teller.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                teller.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
