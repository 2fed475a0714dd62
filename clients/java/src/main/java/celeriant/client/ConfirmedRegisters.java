package celeriant.client;

import celeriant.model.Register;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The confirmed registers of an aggregate: what was read as a whole, which is not copied, and what changed since.
 * Guarded by the client's memory lock.
 */
final class ConfirmedRegisters {
    private Map<String, Register> whole = Map.of();
    /** Null as a value: cleared. */
    private final Map<String, Register> since = new HashMap<>();

    /** These and no others. They are not changed by anybody from now on. */
    void replace(Map<String, Register> registers) {
        whole = registers;
        since.clear();
    }

    /** Null as a value clears one. */
    void change(Map<String, Register> registers) {
        since.putAll(registers);
    }

    /** Null if there is none. */
    Register get(String key) {
        return since.containsKey(key) ? since.get(key) : whole.get(key);
    }

    Set<String> keys() {
        Set<String> keys = new HashSet<>(whole.keySet());
        since.forEach((key, register) -> {
            if (register == null) {
                keys.remove(key);
            } else {
                keys.add(key);
            }
        });
        return keys;
    }

    /** What was read as a whole; a value may be made each time that it is asked for. */
    Collection<Map.Entry<String, Register>> whole() {
        return whole.entrySet();
    }

    /** The keys that changed since. */
    Set<String> changedSince() {
        return since.keySet();
    }
}
