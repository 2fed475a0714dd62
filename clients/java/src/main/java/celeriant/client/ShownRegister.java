package celeriant.client;

import celeriant.model.Register;
import celeriant.model.Registers;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;

/**
 * What is shown of one register. It is made when somebody looks at it: of many registers most are not looked at. Any
 * thread.
 */
final class ShownRegister {
    private volatile RegisterValue value;
    private final Map.Entry<String, Register> confirmed;
    private final BiFunction<String, Register, RegisterValue> show;

    private ShownRegister(
            RegisterValue value,
            Map.Entry<String, Register> confirmed,
            BiFunction<String, Register, RegisterValue> show) {
        this.value = value;
        this.confirmed = confirmed;
        this.show = show;
    }

    static ShownRegister of(RegisterValue value) {
        return new ShownRegister(value, null, null);
    }

    RegisterValue value() {
        RegisterValue known = value;
        if (known == null) {
            known = show.apply(confirmed.getKey(), confirmed.getValue());
            value = known;
        }
        return known;
    }

    /** These registers by their keys; quick if they come in the order of the keys. */
    static ConcurrentSkipListMap<String, ShownRegister> inOrder(
            Collection<Map.Entry<String, Register>> registers, BiFunction<String, Register, RegisterValue> show) {
        InOrder sorted = new InOrder();
        String last = null;
        for (Map.Entry<String, Register> register : registers) {
            String key = register.getKey();
            if (last != null && Registers.compareCodePoints(last, key) >= 0) {
                return anyOrder(registers, show);
            }
            last = key;
            sorted.entries.add(Map.entry(key, new ShownRegister(null, register, show)));
        }
        return new ConcurrentSkipListMap<>(sorted);
    }

    private static ConcurrentSkipListMap<String, ShownRegister> anyOrder(
            Collection<Map.Entry<String, Register>> registers, BiFunction<String, Register, RegisterValue> show) {
        ConcurrentSkipListMap<String, ShownRegister> byKey = new ConcurrentSkipListMap<>(Registers::compareCodePoints);
        registers.forEach(register -> byKey.put(register.getKey(), new ShownRegister(null, register, show)));
        return byKey;
    }

    /** As much of a sorted map as a skip list asks of one that it is made from, in one go. */
    private static final class InOrder extends AbstractMap<String, ShownRegister>
            implements SortedMap<String, ShownRegister> {
        private final List<Map.Entry<String, ShownRegister>> entries = new ArrayList<>();

        @Override
        public Comparator<? super String> comparator() {
            return Registers::compareCodePoints;
        }

        @Override
        public Set<Map.Entry<String, ShownRegister>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Map.Entry<String, ShownRegister>> iterator() {
                    return entries.iterator();
                }

                @Override
                public int size() {
                    return entries.size();
                }
            };
        }

        @Override
        public SortedMap<String, ShownRegister> subMap(String from, String to) {
            throw new UnsupportedOperationException("only all of it");
        }

        @Override
        public SortedMap<String, ShownRegister> headMap(String to) {
            throw new UnsupportedOperationException("only all of it");
        }

        @Override
        public SortedMap<String, ShownRegister> tailMap(String from) {
            throw new UnsupportedOperationException("only all of it");
        }

        @Override
        public String firstKey() {
            return entries.get(0).getKey();
        }

        @Override
        public String lastKey() {
            return entries.get(entries.size() - 1).getKey();
        }
    }
}
