package celeriant.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Who wants to know how the client is, and who waits until it is so. Any thread. */
final class StatusBoard {
    private static final Logger LOG = Logger.getLogger("celeriant.client");

    private record Waiting(BooleanSupplier condition, CompletableFuture<Void> met) {}

    private final Executor teller;
    private final Supplier<Status> status;
    private final List<Consumer<Status>> listeners = new CopyOnWriteArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final AtomicBoolean due = new AtomicBoolean();
    private boolean closed;

    StatusBoard(Executor teller, Supplier<Status> status) {
        this.teller = teller;
        this.status = status;
    }

    Runnable listen(Consumer<Status> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Completes once the condition holds, looking now and after every change. */
    CompletionStage<Void> when(BooleanSupplier condition) {
        CompletableFuture<Void> met = new CompletableFuture<>();
        synchronized (waiting) {
            if (closed) {
                return CompletableFuture.failedFuture(closedFailure());
            }
            waiting.add(new Waiting(condition, met));
        }
        changed();
        return met;
    }

    /** Something changed; listeners are told once for all that changed before they get to look. */
    void changed() {
        if (due.compareAndSet(false, true)) {
            teller.execute(this::tell);
        }
    }

    private void tell() {
        due.set(false);
        Status now = status.get();
        listeners.forEach(listener -> tell(listener, now));
        List<Waiting> met = new ArrayList<>();
        synchronized (waiting) {
            waiting.removeIf(one -> {
                boolean holds = one.condition().getAsBoolean();
                if (holds) {
                    met.add(one);
                }
                return holds;
            });
        }
        met.forEach(one -> one.met().complete(null));
    }

    private static void tell(Consumer<Status> listener, Status now) {
        try {
            listener.accept(now);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a listener of the status failed; the others are told all the same", e);
        }
    }

    private static IllegalStateException closedFailure() {
        return new IllegalStateException("the client is closed");
    }

    /** The client is closed: nobody waits any more. */
    void close() {
        List<Waiting> left;
        synchronized (waiting) {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(one -> one.met().completeExceptionally(closedFailure()));
    }
}
