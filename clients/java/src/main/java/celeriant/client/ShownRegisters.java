package celeriant.client;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/** Registers as an application looks at them: follows every change, and takes none. Any thread. */
final class ShownRegisters extends AbstractMap<String, RegisterValue> implements SortedMap<String, RegisterValue> {
    private final Supplier<? extends SortedMap<String, ShownRegister>> shown;

    ShownRegisters(Supplier<? extends SortedMap<String, ShownRegister>> shown) {
        this.shown = shown;
    }

    @Override
    public RegisterValue get(Object key) {
        ShownRegister register = shown.get().get(key);
        return register == null ? null : register.value();
    }

    @Override
    public boolean containsKey(Object key) {
        return shown.get().containsKey(key);
    }

    @Override
    public int size() {
        return shown.get().size();
    }

    @Override
    public Set<String> keySet() {
        return Collections.unmodifiableSet(shown.get().keySet());
    }

    @Override
    public Comparator<? super String> comparator() {
        return shown.get().comparator();
    }

    @Override
    public String firstKey() {
        return shown.get().firstKey();
    }

    @Override
    public String lastKey() {
        return shown.get().lastKey();
    }

    @Override
    public SortedMap<String, RegisterValue> subMap(String from, String to) {
        return new ShownRegisters(() -> shown.get().subMap(from, to));
    }

    @Override
    public SortedMap<String, RegisterValue> headMap(String to) {
        return new ShownRegisters(() -> shown.get().headMap(to));
    }

    @Override
    public SortedMap<String, RegisterValue> tailMap(String from) {
        return new ShownRegisters(() -> shown.get().tailMap(from));
    }

    @Override
    public Set<Map.Entry<String, RegisterValue>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, RegisterValue>> iterator() {
                Iterator<Map.Entry<String, ShownRegister>> all =
                        shown.get().entrySet().iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return all.hasNext();
                    }

                    @Override
                    public Map.Entry<String, RegisterValue> next() {
                        Map.Entry<String, ShownRegister> next = all.next();
                        return Map.entry(next.getKey(), next.getValue().value());
                    }
                };
            }

            @Override
            public int size() {
                return shown.get().size();
            }
        };
    }
}
