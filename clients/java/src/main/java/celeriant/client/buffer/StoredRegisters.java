package celeriant.client.buffer;

import celeriant.model.Register;
import celeriant.model.Registers;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The registers of an aggregate as they were stored, in the order of their keys. A value is made when it is asked for:
 * most of many are not looked at. Immutable: any thread.
 */
final class StoredRegisters extends AbstractMap<String, Register> {
    /** One register, as its JSON in the bytes of a page. */
    record Slot(String key, byte[] page, int from, int to) implements Map.Entry<String, Register> {
        @Override
        public String getKey() {
            return key;
        }

        @Override
        public Register getValue() {
            return StoredJson.readRegister(json());
        }

        byte[] json() {
            return Arrays.copyOfRange(page, from, to);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Map.Entry<?, ?> entry
                    && key.equals(entry.getKey())
                    && getValue().equals(entry.getValue());
        }

        @Override
        public int hashCode() {
            return key.hashCode() ^ getValue().hashCode();
        }

        @Override
        public Register setValue(Register value) {
            throw new UnsupportedOperationException("what is stored is changed in the buffer");
        }
    }

    private final List<Slot> slots;

    /** @param slots in the order of their keys */
    StoredRegisters(List<Slot> slots) {
        this.slots = slots;
    }

    List<Slot> slots() {
        return slots;
    }

    @Override
    public Register get(Object key) {
        int at = indexOf((String) key);
        return at < 0 ? null : slots.get(at).getValue();
    }

    @Override
    public boolean containsKey(Object key) {
        return indexOf((String) key) >= 0;
    }

    private int indexOf(String key) {
        int low = 0;
        int high = slots.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Registers.compareCodePoints(slots.get(middle).key(), key);
            if (order == 0) {
                return middle;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -1;
    }

    @Override
    public Set<Map.Entry<String, Register>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, Register>> iterator() {
                Iterator<Slot> all = slots.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return all.hasNext();
                    }

                    @Override
                    public Map.Entry<String, Register> next() {
                        return all.next();
                    }
                };
            }

            @Override
            public int size() {
                return slots.size();
            }
        };
    }

    @Override
    public int size() {
        return slots.size();
    }
}
