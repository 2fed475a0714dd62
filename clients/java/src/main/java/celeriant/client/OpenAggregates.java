package celeriant.client;

import celeriant.client.buffer.AggregateChange;
import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.ConfirmedChange;
import celeriant.client.buffer.Cursor;
import celeriant.client.buffer.KeptAppend;
import celeriant.client.buffer.LocalBuffer;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * All aggregates that the application has open, and where reading the merged log for them stands. Every move is stored
 * first and shown then. Changed on the client's thread alone; the list of what is open and what is shown are guarded by
 * the memory lock, since applications look at them.
 */
final class OpenAggregates implements Overlay.Listener {
    private final Object memory;
    private final LocalBuffer buffer;
    private final Overlay overlay;
    private final Supplier<String> clientId;
    private final Executor teller;
    private final Reading reading;
    private final OpenAggregate.SetAside setAside;
    private final Map<AggregateId, OpenAggregate> byName = new LinkedHashMap<>();
    private volatile Cursor cursor;
    /** Those that are complete up to the cursor. */
    private volatile Set<AggregateId> follows;

    OpenAggregates(
            Object memory,
            LocalBuffer buffer,
            BufferContents contents,
            Overlay overlay,
            Supplier<String> clientId,
            Executor teller,
            Reading reading,
            OpenAggregate.SetAside setAside) {
        this.memory = memory;
        this.buffer = buffer;
        this.overlay = overlay;
        this.clientId = clientId;
        this.teller = teller;
        this.reading = reading;
        this.setAside = setAside;
        this.cursor = contents.cursor();
        this.follows = contents.follows();
        overlay.listen(this);
    }

    /** Null if nothing was read yet. */
    Cursor cursor() {
        return cursor;
    }

    /** Those that are complete up to the cursor. */
    Set<AggregateId> follows() {
        return follows;
    }

    Set<AggregateId> names() {
        synchronized (memory) {
            return Set.copyOf(byName.keySet());
        }
    }

    /** The position up to which an aggregate was read; {@link Long#MAX_VALUE} for one that is not open. */
    long readUpTo(AggregateId name) {
        OpenAggregate open = byName.get(name);
        if (open == null) {
            return Long.MAX_VALUE;
        }
        long position = open.confirmed().position();
        return follows.contains(name) && cursor != null ? Math.max(position, cursor.position()) : position;
    }

    /** Opens it, with what the buffer knows of it, or gives the one that is open. */
    OpenAggregate open(AggregateId name) {
        OpenAggregate known = byName.get(name);
        if (known != null) {
            return known;
        }
        if (byName.size() == ClientLimits.AGGREGATES_OPEN_MAX) {
            throw new IllegalStateException(
                    "more than " + ClientLimits.AGGREGATES_OPEN_MAX + " aggregates open at once");
        }
        OpenAggregate open = new OpenAggregate(name, clientId, teller, reading, setAside);
        buffer.loadAggregate(name).ifPresent(open::restore);
        long position = follows.contains(name) && cursor != null
                ? cursor.position()
                : open.confirmed().position();
        List<KeptAppend> unread = buffer.loadKept(position);
        synchronized (memory) {
            byName.put(name, open);
            // Settled appends that were not read back before the last stop still belong on top.
            overlay.addSettled(name, unread);
        }
        return open;
    }

    /** The last view of it was closed. */
    void close(AggregateId name) {
        synchronized (memory) {
            byName.remove(name);
            // What is settled is in the store, and comes from there when the aggregate is opened again.
            overlay.readBack(name, Set.of(), Long.MAX_VALUE);
        }
    }

    /** Those whose state must be read before the stream can go on from the cursor. */
    List<OpenAggregate> toRead() {
        return byName.values().stream().filter(this::isLacking).toList();
    }

    /** Whether there are none. For any thread. */
    boolean isRead() {
        synchronized (memory) {
            return byName.values().stream().noneMatch(this::isLacking);
        }
    }

    private boolean isLacking(OpenAggregate open) {
        return !follows.contains(open.name()) || !open.hasWhatIsWanted() && !open.isRevoked();
    }

    /** Events of the merged log in order, up to a position. */
    void advance(List<RecordedEvent> events, long position) {
        Map<AggregateId, List<RecordedEvent>> groups = events.stream()
                .collect(Collectors.groupingBy(
                        recorded -> recorded.event().aggregate(), LinkedHashMap::new, Collectors.toList()));
        List<AggregateChange> changes = new ArrayList<>();
        Set<AggregateId> complete = new HashSet<>(follows);
        groups.forEach((name, own) -> {
            if (!move(name, own, changes)) {
                complete.remove(name);
            }
        });
        boolean gap = complete.size() != follows.size();
        store(new ConfirmedChange(at(position), gap ? complete : null, changes, false));
        synchronized (memory) {
            changes.forEach(change -> byName.get(change.aggregate()).take(change));
            groups.forEach((name, own) -> overlay.readBack(name, appendsOf(own), position));
            overlay.passed(follows, position);
            changes.forEach(change -> byName.get(change.aggregate()).showVersion());
        }
    }

    /** Moves one on by its own events. Returns whether it is complete behind them; else its state must be read. */
    private boolean move(AggregateId name, List<RecordedEvent> own, List<AggregateChange> changes) {
        OpenAggregate open = byName.get(name);
        if (open == null || !follows.contains(name)) {
            // Of one that was closed what comes now is not kept: it must be read when it is opened again.
            return false;
        }
        if (open.isRevoked()) {
            // It shows, though nobody said granted: the log was put back to before it was revoked.
            open.revoke(false);
            return false;
        }
        AggregateChange change = open.confirmed().moveBy(own);
        if (change == null) {
            return false;
        }
        changes.add(change);
        // What a trim took may be in a snapshot that is not known here yet.
        return open.wish() == HistoryWish.NONE || !ConfirmedAggregate.trims(own);
    }

    /**
     * What was read of an aggregate takes the place of what was known.
     *
     * @param seen the cursor with what the log looks like at the state's position, or null: the state is of that log
     *     alone, so both are kept at once
     */
    void replace(AggregateChange change, Cursor seen) {
        store(new ConfirmedChange(seen, null, List.of(change), false));
        synchronized (memory) {
            OpenAggregate open = byName.get(change.aggregate());
            if (open != null) {
                open.take(change);
            }
            overlay.readBack(change.aggregate(), Set.of(), change.position());
            if (open != null) {
                open.showVersion();
            }
        }
    }

    /** These are complete up to the cursor from now on. */
    void follow(Set<AggregateId> names) {
        store(new ConfirmedChange(null, names, List.of(), false));
        pass();
    }

    /** What was settled below the cursor and was not shown will not be: it may be hidden from this reader. */
    private void pass() {
        if (cursor != null) {
            synchronized (memory) {
                overlay.passed(follows, cursor.position());
            }
        }
    }

    /**
     * The log and this client agree on what it says up to a position; reading may be further already, and a state may
     * have been read from further on, whose hash covers this one.
     */
    void agree(Cursor agreed) {
        Cursor before = cursor == null ? agreed : cursor;
        long position = Math.max(before.position(), agreed.position());
        Cursor latest = before.checkPosition() > agreed.checkPosition() ? before : agreed;
        store(new ConfirmedChange(latest.movedTo(position), null, List.of(), false));
        pass();
    }

    /** Nothing that is known can be trusted to be what this log says. */
    void distrust() {
        store(new ConfirmedChange(null, Set.of(), List.of(), true));
        cursor = null;
        synchronized (memory) {
            byName.values().forEach(OpenAggregate::distrust);
        }
    }

    /** The client is closed: whoever reads events hears of it. */
    void end() {
        synchronized (memory) {
            byName.values().forEach(open -> open.tell(Set.of()));
        }
    }

    /** The application has other keys: everything is shown anew. */
    void readAgain() {
        synchronized (memory) {
            byName.values().forEach(OpenAggregate::readAgain);
        }
    }

    /** The reader may not see the aggregate any more: its confirmed state is dropped; what is pending stays. */
    void forget(AggregateId name, long position) {
        AggregateChange change = AggregateChange.forget(name);
        store(new ConfirmedChange(position > 0 ? at(position) : null, null, List.of(change), false));
        synchronized (memory) {
            OpenAggregate open = byName.get(name);
            if (open != null) {
                open.revoke(true);
                open.take(change);
                overlay.readBack(name, Set.of(), Long.MAX_VALUE);
                open.showVersion();
            }
        }
        pass();
    }

    /** The reader may see the aggregate from here on; what was before is its state, which must be read. */
    void granted(AggregateId name, long position) {
        Set<AggregateId> others = new HashSet<>(follows);
        others.remove(name);
        store(new ConfirmedChange(position > 0 ? at(position) : null, others, List.of(), false));
        OpenAggregate open = byName.get(name);
        if (open != null) {
            open.revoke(false);
        }
        pass();
    }

    /** Under another identity what could not be seen may be seen, whether one was told so or not: all is read anew. */
    void identityChanges() {
        byName.values().forEach(open -> open.revoke(false));
        store(new ConfirmedChange(null, Set.of(), List.of(), false));
    }

    @Override
    public void added(AggregateId aggregate, Overlay.Entry entry) {
        OpenAggregate open = byName.get(aggregate);
        if (open != null) {
            open.tell(open.layered().lay(entry));
        }
    }

    @Override
    public void arranged(AggregateId aggregate, Collection<Overlay.Entry> entries) {
        OpenAggregate open = byName.get(aggregate);
        if (open != null) {
            open.tell(open.layered().layAll(entries));
        }
    }

    @Override
    public void confirmed(AggregateId aggregate, Overlay.Entry entry) {
        OpenAggregate open = byName.get(aggregate);
        if (open != null) {
            Set<String> keys = open.layered().keysOf(entry);
            open.layered().refresh(keys);
            open.tell(keys);
        }
    }

    @Override
    public void removed(AggregateId aggregate, Overlay.Entry entry) {
        OpenAggregate open = byName.get(aggregate);
        if (open != null) {
            open.tell(open.layered().lift(entry));
        }
    }

    private Cursor at(long position) {
        return cursor == null ? Cursor.at(position) : cursor.movedTo(position);
    }

    private void store(ConfirmedChange change) {
        buffer.confirm(change);
        cursor = change.cursor() == null ? cursor : change.cursor();
        follows = change.follows() == null ? follows : change.follows();
    }

    private static Set<UUID> appendsOf(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::append).collect(Collectors.toSet());
    }
}
