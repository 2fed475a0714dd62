package celeriant.client;

import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.LocalBuffer;
import celeriant.model.RecordedEvent;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Confirmed events of one aggregate in the order of the log, then live, to each subscriber as fast as it asks: they
 * come from the buffer, so a slow one costs nothing. Signals come on the client's telling thread, one at a time.
 */
final class EventPublisher implements Flow.Publisher<RecordedEvent> {
    private static final int READ_AHEAD_EVENTS = 500;

    private final OpenAggregate open;
    private final LocalBuffer buffer;
    private final long after;
    private final Executor teller;
    private final BooleanSupplier closed;

    EventPublisher(OpenAggregate open, LocalBuffer buffer, long after, Executor teller, BooleanSupplier closed) {
        this.open = open;
        this.buffer = buffer;
        this.after = after;
        this.teller = teller;
        this.closed = closed;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super RecordedEvent> subscriber) {
        Delivery delivery = new Delivery(subscriber, after, open.epoch());
        teller.execute(delivery::begin);
        if (closed.getAsBoolean()) {
            // Nobody may be there to tell it any more.
            delivery.begin();
        }
    }

    /** One subscriber's place. Confined to the telling thread but for {@link #request} and {@link #cancel}. */
    private final class Delivery implements Flow.Subscription {
        private final Flow.Subscriber<? super RecordedEvent> subscriber;
        private final int epoch;
        private long version;
        private long demand;
        private final AtomicBoolean begun = new AtomicBoolean();
        private volatile Runnable unlisten = () -> {};
        private final AtomicBoolean over = new AtomicBoolean();

        Delivery(Flow.Subscriber<? super RecordedEvent> subscriber, long after, int epoch) {
            this.subscriber = subscriber;
            this.version = after;
            this.epoch = epoch;
        }

        /** Once; what it is told of comes behind its first signal. */
        private void begin() {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            subscriber.onSubscribe(this);
            unlisten = open.listen(keys -> drain());
            if (over.get()) {
                unlisten.run();
            }
            drain();
        }

        @Override
        public void request(long count) {
            teller.execute(() -> {
                if (count < 1) {
                    end(new IllegalArgumentException("a subscriber asks for 1 or more, not " + count));
                    return;
                }
                demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
                drain();
            });
        }

        @Override
        public void cancel() {
            over.set(true);
            unlisten.run();
        }

        private void drain() {
            try {
                while (!over.get() && demand > 0 && open.epoch() == epoch && !closed.getAsBoolean()) {
                    List<RecordedEvent> events = HistoryWish.ALL.isMetBy(open.shownHistory())
                            ? open.history(buffer, version, (int) Math.min(demand, READ_AHEAD_EVENTS))
                            : List.of();
                    if (events.isEmpty()) {
                        return;
                    }
                    for (RecordedEvent event : events) {
                        if (over.get()) {
                            return;
                        }
                        version = event.version();
                        show(event);
                    }
                }
            } catch (BufferException e) {
                end(e);
                return;
            }
            if (closed.getAsBoolean()) {
                end(null);
            } else if (open.epoch() != epoch) {
                end(new LogDivergedException(open.name()));
            }
        }

        /** An event that cannot be shown is passed over. */
        private void show(RecordedEvent event) {
            Reading.Shown shown = open.reading().show(event.event());
            if (shown.unreadable() != null) {
                open.quarantine(event.version(), shown.unreadable());
                return;
            }
            demand--;
            subscriber.onNext(open.reading().recorded(event, shown.event()));
        }

        private void end(Throwable failure) {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            unlisten.run();
            if (failure == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(failure);
            }
        }
    }
}
