package celeriant.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The two threads of a client, which end with it. */
final class OwnThreads implements Threads {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final SyncRunner runner;
    private final ExecutorService teller = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "celeriant-tells");
        thread.setDaemon(true);
        return thread;
    });

    OwnThreads(LongSupplier clock) {
        runner = new SyncRunner("celeriant-syncs", clock);
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
        runner.execute(() -> {
            try {
                called.complete(work.get());
            } catch (RuntimeException e) {
                called.completeExceptionally(e);
            }
        });
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
        try {
            runner.end();
            teller.shutdown();
            if (!teller.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                teller.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
