package celeriant.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The last-write-wins fold of one aggregate: for each key the latest event in log order, dropped again when its data is
 * JSON null. Keys are in the order of their code points (which is that of their UTF-8 bytes). An event without a key
 * changes nothing. The order of the log is the only clock: times that clients wrote into events are not looked at. Not
 * thread-safe; confined to its owner.
 */
public final class Registers {
    private final TreeMap<String, Register> byKey = new TreeMap<>(Registers::compareCodePoints);
    private long version;

    /**
     * Applies the next event of the aggregate.
     *
     * @throws IllegalArgumentException if it is not after the last one applied
     */
    public void apply(RecordedEvent recorded) {
        if (recorded.version() <= version) {
            throw new IllegalArgumentException(
                    "version " + recorded.version() + " comes after " + version + ": a fold goes forward");
        }
        version = recorded.version();
        String key = recorded.event().key();
        if (key == null) {
            return;
        }
        if (recorded.event().data().isJsonNull()) {
            byKey.remove(key);
        } else {
            byKey.put(key, Register.of(recorded));
        }
    }

    /** The version of the last event applied, 0 if none. */
    public long version() {
        return version;
    }

    /** What is set, in the order of the keys; a view that follows later events. */
    public SortedMap<String, Register> asMap() {
        return Collections.unmodifiableSortedMap(byKey);
    }

    /** The order of keys: by code point, as their UTF-8 bytes sort. */
    public static int compareCodePoints(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean bothOrNeither = Character.isSurrogate(a) == Character.isSurrogate(b);
                return bothOrNeither ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
