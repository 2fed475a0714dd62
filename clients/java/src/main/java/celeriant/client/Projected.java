package celeriant.client;

import celeriant.client.buffer.LocalBuffer;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * The state of a projection of one aggregate, kept up to date: the fold of all confirmed events that are kept, with the
 * client's own that were not read back yet on top. Folded on the client's telling thread; {@link #value} and listeners
 * are for any thread.
 */
public final class Projected<S> implements AutoCloseable {
    private static final int PAGE_EVENTS = 1_000;

    private final OpenAggregate open;
    private final Overlay overlay;
    private final Object memory;
    private final LocalBuffer buffer;
    private final LiveProjection<S> projection;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Runnable unlisten;
    private S confirmed;
    private long version;
    private int epoch;
    /** Appends that were folded and are still on top: the log brought them before the overlay heard of it. */
    private final Set<UUID> folded = new HashSet<>();

    private volatile S value;
    private volatile long shownVersion;

    Projected(
            OpenAggregate open,
            Overlay overlay,
            Object memory,
            LocalBuffer buffer,
            LiveProjection<S> projection,
            Executor teller) {
        this.open = open;
        this.overlay = overlay;
        this.memory = memory;
        this.buffer = buffer;
        this.projection = projection;
        confirmed = projection.initial();
        value = confirmed;
        epoch = open.epoch();
        unlisten = open.listen(keys -> catchUp());
        teller.execute(this::catchUp);
    }

    /** The present state. */
    public S value() {
        return value;
    }

    /** The version of the aggregate up to which confirmed events are in {@link #value}. */
    public long version() {
        return shownVersion;
    }

    /** Calls back after the value changed. */
    public Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        unlisten.run();
        listeners.clear();
    }

    /** Folds what came since. Confined to the telling thread. */
    private void catchUp() {
        if (epoch != open.epoch()) {
            epoch = open.epoch();
            version = 0;
            folded.clear();
            confirmed = projection.initial();
        }
        List<RecordedEvent> events;
        do {
            events = buffer.loadHistory(open.name(), version, PAGE_EVENTS);
            fold(events);
        } while (events.size() == PAGE_EVENTS);
        value = withOwn();
        shownVersion = version;
        listeners.forEach(Runnable::run);
    }

    private void fold(List<RecordedEvent> events) {
        for (RecordedEvent recorded : events) {
            confirmed = projection.apply(confirmed, new SeenEvent(recorded.event(), recorded, false));
            version = recorded.version();
            folded.add(recorded.append());
        }
    }

    private S withOwn() {
        List<Overlay.Entry> own;
        synchronized (memory) {
            own = new ArrayList<>(overlay.entries(open.name()));
        }
        Set<UUID> onTop = new HashSet<>();
        own.forEach(entry -> onTop.add(entry.id()));
        folded.retainAll(onTop);
        S state = confirmed;
        for (Overlay.Entry entry : own) {
            boolean read = entry.confirmation() != null
                    && entry.confirmation().versions().getOrDefault(open.name(), Long.MAX_VALUE) <= version;
            if (read || folded.contains(entry.id())) {
                continue;
            }
            for (Event event : entry.events()) {
                if (event.aggregate().equals(open.name())) {
                    state = projection.apply(state, new SeenEvent(event, null, entry.confirmation() == null));
                }
            }
        }
        return state;
    }
}
