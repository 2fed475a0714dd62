package celeriant.client;

import celeriant.model.RecordedEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

/** Collects what a publisher says, one event at a time. */
final class EventSubscriber implements Flow.Subscriber<RecordedEvent> {
    final List<RecordedEvent> seen = new CopyOnWriteArrayList<>();
    private Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
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
        throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {}
}
