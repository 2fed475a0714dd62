package celeriant.client;

import celeriant.client.buffer.Confirmation;
import celeriant.model.After;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * What an application holds of an append that it made: two stages, for the two things that can be waited for. After a
 * restart nobody holds the old handles; the status and the rejected list tell what became of such appends. Any thread.
 */
public final class AppendHandle {
    private final UUID id;
    private final CompletableFuture<After> local = new CompletableFuture<>();
    private final CompletableFuture<Confirmation> confirmed = new CompletableFuture<>();

    AppendHandle(UUID id) {
        this.id = id;
    }

    /** The append's id. */
    public UUID id() {
        return id;
    }

    /**
     * Completes when the append is durable here: it will reach the log, whatever happens to this process. Fails when it
     * could not be stored; then nothing of it was kept.
     */
    public CompletionStage<After> local() {
        return local.minimalCompletionStage();
    }

    /**
     * Completes when the log has it. Fails with a {@link RejectedException} when the log refused it for good, and with
     * an {@link IllegalStateException} when the client was closed before: then it waits in the buffer.
     */
    public CompletionStage<Confirmation> confirmed() {
        return confirmed.minimalCompletionStage();
    }

    /** Waits until it is durable here. */
    public After awaitLocal() throws InterruptedException, ExecutionException {
        return local.get();
    }

    /** Waits until the log has it; {@link RejectedException} is the cause when it was refused. */
    public Confirmation awaitConfirmed() throws InterruptedException, ExecutionException {
        return confirmed.get();
    }

    void stored(After place, Executor teller) {
        teller.execute(() -> local.complete(place));
    }

    void landed(Confirmation confirmation, Executor teller) {
        teller.execute(() -> confirmed.complete(confirmation));
    }

    /** The client is closed: what is stored waits in the buffer, and nobody here will hear what becomes of it. */
    void closed(Executor teller) {
        failed(new IllegalStateException("the client is closed: what was stored waits in its buffer"), teller);
    }

    void failed(Throwable failure, Executor teller) {
        teller.execute(() -> {
            local.completeExceptionally(failure);
            confirmed.completeExceptionally(failure);
        });
    }
}
