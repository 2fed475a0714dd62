package celeriant.client;

import celeriant.client.buffer.AggregateChange;
import celeriant.client.buffer.History;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.StoredAggregate;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One aggregate that the application has open: its confirmed state, and its registers with what is pending on top. All
 * views of an aggregate share it. Changed under the client's memory lock.
 */
final class OpenAggregate {
    private static final Logger LOG = Logger.getLogger("celeriant.client");

    private final AggregateId name;
    private final ConfirmedAggregate confirmed;
    private final LayeredRegisters layered;
    private final Executor teller;
    private final Reading reading;
    private final SetAside setAside;
    private final ConcurrentSkipListMap<Long, String> quarantined = new ConcurrentSkipListMap<>();
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private Set<String> changedKeys;
    private int references;
    private volatile HistoryWish wish = HistoryWish.NONE;
    private volatile History shownHistory = History.NONE;
    private volatile boolean revoked;
    private volatile long shownVersion;
    private volatile int epoch;
    private volatile int folding;

    /** Told once of each event that cannot be shown. */
    interface SetAside {
        void tell(AggregateId aggregate, long version, String reason);
    }

    OpenAggregate(AggregateId name, Supplier<String> clientId, Executor teller, Reading reading, SetAside setAside) {
        this.name = name;
        this.teller = teller;
        this.reading = reading;
        this.setAside = setAside;
        this.confirmed = new ConfirmedAggregate(name);
        this.layered = new LayeredRegisters(name, confirmed.registers(), clientId, reading);
    }

    void restore(StoredAggregate stored) {
        confirmed.restore(stored);
        History kept = stored.keeps();
        wish = !kept.isKept() ? HistoryWish.NONE : kept.tail() ? HistoryWish.TAIL : HistoryWish.ALL;
        shownHistory = kept;
        shownVersion = confirmed.version();
        layered.layAnew();
    }

    AggregateId name() {
        return name;
    }

    ConfirmedAggregate confirmed() {
        return confirmed;
    }

    LayeredRegisters layered() {
        return layered;
    }

    /** The version of the confirmed state, for any thread. */
    long shownVersion() {
        return shownVersion;
    }

    /** Rises when the events that were handed out may not be those of the log any more. */
    int epoch() {
        return epoch;
    }

    /** Rises when projections must be folded anew. */
    int folding() {
        return folding;
    }

    Reading reading() {
        return reading;
    }

    /** Confirmed events that could not be shown, by version, with the reason. */
    SortedMap<Long, String> quarantined() {
        return Collections.unmodifiableSortedMap(quarantined);
    }

    /** This event cannot be shown: it is passed over. */
    void quarantine(long version, String reason) {
        if (quarantined.put(version, reason) == null) {
            setAside.tell(name, version, reason);
        }
    }

    /** What can be read is another matter now. */
    void readAgain() {
        quarantined.clear();
        folding++;
        tell(layered.refreshAll());
    }

    HistoryWish wish() {
        return wish;
    }

    /** Returns whether that is more than before. */
    synchronized boolean want(HistoryWish more) {
        HistoryWish before = wish;
        wish = before.and(more);
        return wish != before;
    }

    boolean hasWhatIsWanted() {
        return wish.isMetBy(confirmed.keeps());
    }

    /** Which events are kept, for any thread. */
    History shownHistory() {
        return shownHistory;
    }

    boolean isRevoked() {
        return revoked;
    }

    void revoke(boolean gone) {
        revoked = gone;
    }

    /** How many views are open, after one more or one less. */
    int referencesAfter(int more) {
        references += more;
        return references;
    }

    /** Calls back with the keys that changed; also with none when only the version did. */
    Runnable listen(Consumer<Set<String>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Applies a change that is stored; {@link #showVersion} follows when all that belongs to it is shown. */
    void take(AggregateChange change) {
        Set<String> keys = new HashSet<>(change.registers().keySet());
        boolean anew = change.registersReset() || change.forgotten();
        if (anew) {
            keys.addAll(confirmed.registers().keys());
        }
        confirmed.apply(change);
        if (anew) {
            layered.layAnew();
        } else {
            layered.refresh(keys);
        }
        tell(keys);
    }

    /** Whoever sees the version sees what belongs to it. */
    void showVersion() {
        shownHistory = confirmed.keeps();
        shownVersion = confirmed.version();
        tell(Set.of());
    }

    /** Kept events behind a version, as far as they are shown: beyond that there may be a gap until it is read. */
    List<RecordedEvent> history(LocalBuffer buffer, long after, int limit) {
        long upTo = shownVersion;
        List<RecordedEvent> events = buffer.loadHistory(name, after, limit);
        return events.isEmpty() || events.get(events.size() - 1).version() <= upTo
                ? events
                : events.stream().filter(event -> event.version() <= upTo).toList();
    }

    /** What is known may not be what the log says: it is shown until it is read again, and its events are dropped. */
    void distrust() {
        epoch++;
        folding++;
        quarantined.clear();
        confirmed.distrust();
        shownHistory = History.NONE;
        shownVersion = 0;
        tell(Set.of());
    }

    /** Views are told once for all that changed before they get to look. */
    synchronized void tell(Set<String> keys) {
        if (changedKeys != null) {
            changedKeys.addAll(keys);
            return;
        }
        changedKeys = new HashSet<>(keys);
        teller.execute(this::tellListeners);
    }

    private void tellListeners() {
        Set<String> keys = takeChangedKeys();
        for (Consumer<Set<String>> listener : listeners) {
            try {
                listener.accept(keys);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a listener of " + name + " failed; the others are told all the same", e);
            }
        }
    }

    private synchronized Set<String> takeChangedKeys() {
        Set<String> keys = changedKeys == null ? Set.of() : changedKeys;
        changedKeys = null;
        return keys;
    }
}
