package celeriant.client;

import celeriant.client.buffer.History;
import celeriant.client.buffer.LocalBuffer;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import celeriant.model.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The state of a projection of one aggregate, kept up to date: the fold of all confirmed events that are kept, with the
 * client's own that were not read back yet on top. Folded on the client's telling thread; {@link #value} and listeners
 * are for any thread.
 *
 * @param <S> the state
 */
public final class Projected<S> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("celeriant.client");
    private static final int PAGE_EVENTS = 1_000;

    private final OpenAggregate open;
    private final Overlay overlay;
    private final Object memory;
    private final LocalBuffer buffer;
    private final LiveProjection<S> projection;
    private final Runnable wantAll;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Runnable unlisten;
    private S confirmed;
    private long version;
    private int folding;
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
            Executor teller,
            Runnable wantAll) {
        this.open = open;
        this.overlay = overlay;
        this.memory = memory;
        this.buffer = buffer;
        this.projection = projection;
        this.wantAll = wantAll;
        confirmed = projection.initial();
        value = confirmed;
        folding = open.folding();
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
        if (folding != open.folding()) {
            folding = open.folding();
            restart();
        }
        if (!beginsWhereEventsAre()) {
            show();
            return;
        }
        List<RecordedEvent> events;
        do {
            events = open.history(buffer, version, PAGE_EVENTS);
            fold(events);
        } while (events.size() == PAGE_EVENTS);
        show();
    }

    private void show() {
        value = withOwn();
        shownVersion = version;
        listeners.forEach(this::tell);
    }

    private void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a listener of " + open.name() + " failed; the others are told all the same", e);
        }
    }

    private void restart() {
        version = 0;
        folded.clear();
        confirmed = projection.initial();
    }

    /** A fold that stands behind what is kept goes on; another begins anew, with the snapshot if there is one. */
    private boolean beginsWhereEventsAre() {
        History kept = open.shownHistory();
        if (!kept.isKept() || version >= kept.after()) {
            return true;
        }
        restart();
        Snapshot snapshot = kept.snapshot();
        boolean covers = snapshot != null && snapshot.version() >= kept.after();
        if (covers && projection instanceof SnapshotProjection<S> folds) {
            try {
                confirmed =
                        folds.fromSnapshot(snapshot.version(), open.reading().opened(snapshot));
                version = snapshot.version();
                return true;
            } catch (UnreadableException | RuntimeException e) {
                open.quarantine(snapshot.version(), e.toString());
                wantAll.run();
            }
        }
        if (kept.tail()) {
            return false;
        }
        version = kept.after();
        return true;
    }

    private void fold(List<RecordedEvent> events) {
        for (RecordedEvent recorded : events) {
            confirmed = apply(confirmed, recorded.event(), recorded, false);
            version = recorded.version();
            folded.add(recorded.append());
        }
    }

    /** One step of the fold. An event that cannot be shown, or that breaks it, changes nothing and is set aside. */
    private S apply(S state, Event event, RecordedEvent recorded, boolean pending) {
        Reading.Shown shown = open.reading().show(event);
        String reason = shown.unreadable();
        if (reason == null) {
            RecordedEvent place = recorded == null ? null : open.reading().recorded(recorded, shown.event());
            try {
                return projection.apply(state, new SeenEvent(shown.event(), place, pending));
            } catch (RuntimeException e) {
                reason = e.toString();
            }
        }
        if (recorded != null) {
            open.quarantine(recorded.version(), reason);
        }
        return state;
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
                    state = apply(state, event, null, entry.confirmation() == null);
                }
            }
        }
        return state;
    }
}
