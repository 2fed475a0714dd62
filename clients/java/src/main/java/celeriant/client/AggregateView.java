package celeriant.client;

import celeriant.client.buffer.LocalBuffer;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What an application holds of an aggregate that it has open. The last known state is there at once, offline too; it
 * moves on by itself while the client is online. Close it when it is no longer shown. Any thread.
 * {@snippet file="celeriant/client/SnippetsTest.java" region="view"}
 */
public final class AggregateView implements AutoCloseable {
    private final OpenAggregate open;
    private final Overlay overlay;
    private final Object memory;
    private final LocalBuffer buffer;
    private final Executor teller;
    private final Runnable wake;
    private final BooleanSupplier clientIsClosed;
    private final Runnable onClose;
    private volatile boolean closed;

    AggregateView(
            OpenAggregate open,
            Overlay overlay,
            Object memory,
            LocalBuffer buffer,
            Executor teller,
            Runnable wake,
            BooleanSupplier clientIsClosed,
            Runnable onClose) {
        this.open = open;
        this.overlay = overlay;
        this.memory = memory;
        this.buffer = buffer;
        this.teller = teller;
        this.wake = wake;
        this.clientIsClosed = clientIsClosed;
        this.onClose = onClose;
    }

    /** Its name. */
    public AggregateId aggregate() {
        return open.name();
    }

    /**
     * The latest value of every key, what is pending included, in the order of the keys. It is kept up to date in
     * place: copy it to have it stand still.
     */
    public SortedMap<String, RegisterValue> registers() {
        return open.layered().values();
    }

    /** One of them, or null. */
    public RegisterValue register(String key) {
        return open.layered().values().get(key);
    }

    /** The version of the confirmed state; 0: nothing is known of it, or it does not exist. */
    public long version() {
        return open.shownVersion();
    }

    /** False while this client may not read the aggregate. */
    public boolean isReadable() {
        return !open.isRevoked();
    }

    /** This client's events of the aggregate that the log has not settled yet, in order. */
    public List<Event> pending() {
        synchronized (memory) {
            return overlay.entries(open.name()).stream()
                    .filter(entry -> entry.confirmation() == null)
                    .flatMap(entry -> entry.events().stream())
                    .filter(event -> event.aggregate().equals(open.name()))
                    .map(event -> open.reading().show(event).event())
                    .toList();
        }
    }

    /**
     * Confirmed events that could not be read, or that broke a projection, by version, with the reason. Registers say
     * so themselves ({@link RegisterValue#unreadable}).
     */
    public SortedMap<Long, String> quarantined() {
        return open.quarantined();
    }

    /**
     * Calls back when something changed, with the keys of the registers that did (none: the version alone). What comes
     * while a listener runs is told together afterwards. The callback must be quick.
     *
     * @return ends it
     */
    public Runnable onChange(Consumer<Set<String>> listener) {
        return open.listen(listener);
    }

    /**
     * Confirmed events behind a version (0: from the first that there is), in the order of the log, then live until the
     * view or the client is closed. From the first call on the client keeps this aggregate's events, not only its
     * registers. {@snippet file="celeriant/client/SnippetsTest.java" region="events"}
     */
    public Flow.Publisher<RecordedEvent> events(long after) {
        want(HistoryWish.ALL);
        return new EventPublisher(open, buffer, after, teller, this::isOver);
    }

    /**
     * A state of your own: the fold of all confirmed events, with those that are pending on top. From the first call on
     * the client keeps this aggregate's events; of a {@link SnapshotProjection} those behind the latest snapshot. Close
     * it when it is no longer wanted. {@snippet file="celeriant/client/SnippetsTest.java" region="project"}
     *
     * @param <S> the state
     */
    public <S> Projected<S> project(LiveProjection<S> projection) {
        want(projection instanceof SnapshotProjection<S> ? HistoryWish.TAIL : HistoryWish.ALL);
        return new Projected<>(open, overlay, memory, buffer, projection, teller, () -> want(HistoryWish.ALL));
    }

    private boolean isOver() {
        return closed || clientIsClosed.getAsBoolean();
    }

    private void want(HistoryWish history) {
        if (open.want(history)) {
            wake.run();
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            synchronized (memory) {
                open.tell(Set.of());
            }
            onClose.run();
        }
    }
}
