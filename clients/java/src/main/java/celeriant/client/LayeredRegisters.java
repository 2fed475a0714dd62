package celeriant.client;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.Register;
import celeriant.model.Registers;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * The registers of an aggregate as the application sees them: what is confirmed, with what this client has appended and
 * not read back yet on top. Kept up key by key, so that a change costs what it changes. Changed under the client's
 * memory lock; what is shown may be read by any thread at any time.
 */
final class LayeredRegisters {
    private record Place(UUID append, int index) {}

    private record Layer(Event event, Overlay.Entry entry) {}

    private final AggregateId aggregate;
    private final ConfirmedRegisters confirmed;
    private final Supplier<String> clientId;
    private final Reading reading;
    private volatile ConcurrentSkipListMap<String, ShownRegister> shown =
            new ConcurrentSkipListMap<>(Registers::compareCodePoints);
    private final SortedMap<String, RegisterValue> values = new ShownRegisters(() -> shown);
    /** For each key the events on top of it, the latest last. */
    private final Map<String, LinkedHashMap<Place, Layer>> layers = new HashMap<>();

    LayeredRegisters(AggregateId aggregate, ConfirmedRegisters confirmed, Supplier<String> clientId, Reading reading) {
        this.aggregate = aggregate;
        this.confirmed = confirmed;
        this.clientId = clientId;
        this.reading = reading;
    }

    /** What is shown, in the order of the keys; follows every change. */
    SortedMap<String, RegisterValue> values() {
        return values;
    }

    /** Lays an append on top and gives the keys that it touches. */
    Set<String> lay(Overlay.Entry entry) {
        Set<String> keys = put(entry);
        refresh(keys);
        return keys;
    }

    private Set<String> put(Overlay.Entry entry) {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < entry.events().size(); i++) {
            Event event = entry.events().get(i);
            if (event.key() != null && event.aggregate().equals(aggregate)) {
                keys.add(event.key());
                layers.computeIfAbsent(event.key(), key -> new LinkedHashMap<>())
                        .put(new Place(entry.id(), i), new Layer(event, entry));
            }
        }
        return keys;
    }

    /** Lays all appends anew, the latest last, and gives the keys that they touch or touched. */
    Set<String> layAll(Collection<Overlay.Entry> entries) {
        Set<String> keys = new HashSet<>(layers.keySet());
        layers.clear();
        entries.forEach(entry -> keys.addAll(put(entry)));
        refresh(keys);
        return keys;
    }

    /** Takes an append off and gives the keys that it touched. */
    Set<String> lift(Overlay.Entry entry) {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < entry.events().size(); i++) {
            String key = entry.events().get(i).key();
            Map<Place, Layer> onKey = key == null ? null : layers.get(key);
            if (onKey == null || onKey.remove(new Place(entry.id(), i)) == null) {
                continue;
            }
            keys.add(key);
            if (onKey.isEmpty()) {
                layers.remove(key);
            }
        }
        refresh(keys);
        return keys;
    }

    /** Computes the values of these keys again. */
    void refresh(Set<String> keys) {
        refresh(keys, shown);
    }

    private void refresh(Set<String> keys, Map<String, ShownRegister> in) {
        for (String key : keys) {
            RegisterValue value = valueOf(key);
            if (value == null) {
                in.remove(key);
            } else {
                in.put(key, ShownRegister.of(value));
            }
        }
    }

    /** All values will be computed again, most of them when they are asked for. Gives all keys. */
    Set<String> refreshAll() {
        layAnew();
        Set<String> keys = confirmed.keys();
        keys.addAll(layers.keySet());
        return keys;
    }

    /** Begins anew with what is confirmed; whoever looks sees all as it was, or all as it is. */
    void layAnew() {
        ConcurrentSkipListMap<String, ShownRegister> anew = ShownRegister.inOrder(confirmed.whole(), this::show);
        Set<String> over = new HashSet<>(confirmed.changedSince());
        over.addAll(layers.keySet());
        refresh(over, anew);
        shown = anew;
    }

    private RegisterValue show(String key, Register register) {
        return RegisterValue.of(register, reading.show(aggregate, key, register));
    }

    /** The keys that an append touches here. */
    Set<String> keysOf(Overlay.Entry entry) {
        Set<String> keys = new HashSet<>();
        for (Event event : entry.events()) {
            if (event.key() != null && event.aggregate().equals(aggregate)) {
                keys.add(event.key());
            }
        }
        return keys;
    }

    private RegisterValue valueOf(String key) {
        LinkedHashMap<Place, Layer> onKey = layers.get(key);
        Layer top = null;
        if (onKey != null) {
            for (Layer layer : onKey.values()) {
                top = layer;
            }
        }
        if (top == null) {
            Register register = confirmed.get(key);
            return register == null ? null : show(key, register);
        }
        if (top.event().data().isJsonNull()) {
            return null;
        }
        return RegisterValue.of(
                reading.show(top.event()), clientId.get(), top.entry().confirmation() == null);
    }
}
