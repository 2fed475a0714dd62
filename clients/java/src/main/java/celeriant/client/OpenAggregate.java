package celeriant.client;

import celeriant.client.buffer.AggregateChange;
import celeriant.client.buffer.StoredAggregate;
import celeriant.model.AggregateId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private Set<String> changedKeys;
    private int references;
    private volatile boolean wantsHistory;
    private volatile boolean revoked;
    private volatile long shownVersion;
    private volatile int epoch;

    OpenAggregate(AggregateId name, Supplier<String> clientId, Executor teller) {
        this.name = name;
        this.teller = teller;
        this.confirmed = new ConfirmedAggregate(name);
        this.layered = new LayeredRegisters(name, confirmed.registers(), clientId);
    }

    void restore(StoredAggregate stored) {
        confirmed.restore(stored);
        wantsHistory = stored.historyAfter() != StoredAggregate.NO_HISTORY;
        shownVersion = confirmed.version();
        layered.refresh(new HashSet<>(confirmed.registers().keySet()));
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

    boolean wantsHistory() {
        return wantsHistory;
    }

    void wantHistory() {
        wantsHistory = true;
    }

    boolean hasHistory() {
        return confirmed.historyAfter() != StoredAggregate.NO_HISTORY;
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
        if (change.registersReset() || change.forgotten()) {
            keys.addAll(confirmed.registers().keySet());
        }
        confirmed.apply(change);
        layered.refresh(keys);
        tell(keys);
    }

    /** Whoever sees the version sees what belongs to it. */
    void showVersion() {
        shownVersion = confirmed.version();
    }

    /** What is known may not be what the log says: it is shown until it is read again, and its events are dropped. */
    void distrust() {
        epoch++;
        confirmed.distrust();
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
