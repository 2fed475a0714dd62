package celeriant.client.buffer;

import celeriant.model.Register;
import celeriant.model.Registers;
import java.util.List;
import java.util.Map;

/** What a store of registers is compared with. */
final class ExpectedRegisters {
    private ExpectedRegisters() {}

    /** Null as a value clears one. */
    static void change(Map<String, Register> registers, Map<String, Register> changes) {
        changes.forEach((key, register) -> {
            if (register == null) {
                registers.remove(key);
            } else {
                registers.put(key, register);
            }
        });
    }

    /** The keys as the store has them; one in memory has no order of its own. */
    static List<String> inOrder(Map<String, Register> stored, LocalBuffer buffer) {
        return buffer instanceof MemoryBuffer
                ? stored.keySet().stream().sorted(Registers::compareCodePoints).toList()
                : List.copyOf(stored.keySet());
    }
}
