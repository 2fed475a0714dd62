package celeriant.client;

import celeriant.model.RecordedEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

/** Collects what a publisher says, one event at a time. */
final class EventSubscriber implements Flow.Subscriber<RecordedEvent> {
    final List<RecordedEvent> seen = new CopyOnWriteArrayList<>();
    /** Completes with the publisher's last word. */
    final CompletableFuture<Void> over = new CompletableFuture<>();
    /** Whether its first word came before the last. */
    volatile boolean isGreeted;

    private Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
        isGreeted = !over.isDone();
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(RecordedEvent event) {
        seen.add(event);
        subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
        over.completeExceptionally(failure);
        throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {
        over.complete(null);
    }
}
