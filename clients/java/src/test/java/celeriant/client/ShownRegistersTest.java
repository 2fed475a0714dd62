package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.EventData;
import celeriant.model.Register;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Registers as an application sees them")
class ShownRegistersTest {
    private final ConfirmedRegisters confirmed = new ConfirmedRegisters();
    private final LayeredRegisters layered =
            new LayeredRegisters(new AggregateId("canvas", "board"), confirmed, () -> "me", Reading.AS_IT_IS);
    private final SortedMap<String, RegisterValue> values = layered.values();

    @Test
    @DisplayName("are in the order of their code points, in whatever order they came")
    void order() {
        begin("\ud83d\ude00", "b", "\uffff", "a");
        assertEquals(List.of("a", "b", "\uffff", "\ud83d\ude00"), List.copyOf(values.keySet()));
        begin("a", "b", "\uffff", "\ud83d\ude00");
        assertEquals(List.of("a", "b", "\uffff", "\ud83d\ude00"), List.copyOf(values.keySet()));
        assertEquals("a", values.firstKey());
        assertEquals("\ud83d\ude00", values.lastKey());
    }

    @Test
    @DisplayName("follow what is read anew and what changes of it, in their parts too")
    void follow() {
        SortedMap<String, RegisterValue> tail = values.tailMap("b");
        SortedMap<String, RegisterValue> middle = values.subMap("b", "c");
        begin("a", "b", "c");
        assertEquals(Set.of("b", "c"), tail.keySet());
        assertEquals(1, middle.size());
        confirmed.change(cleared("b"));
        confirmed.change(Map.of("d", register("d")));
        layered.refresh(Set.of("b", "d"));
        assertEquals(Set.of("c", "d"), tail.keySet());
        assertFalse(values.containsKey("b"));
        assertNull(values.get("b"));
        assertEquals("\"d\"", values.get("d").text());
        assertEquals(Set.of("a"), values.headMap("b").keySet());
        assertEquals(Set.of("a", "c", "d"), confirmed.keys());
        begin("b");
        assertEquals(Map.of("b", values.get("b")), tail);
        assertEquals("\"b\"", tail.entrySet().iterator().next().getValue().text());
    }

    @Test
    @DisplayName("can be changed by nobody who looks at them")
    void unchangeable() {
        begin("a");
        assertThrows(UnsupportedOperationException.class, values::clear);
        assertThrows(UnsupportedOperationException.class, () -> values.keySet().remove("a"));
        assertThrows(UnsupportedOperationException.class, () -> values.put("b", values.get("a")));
        assertEquals(1, values.size());
    }

    private void begin(String... keys) {
        Map<String, Register> registers = new LinkedHashMap<>();
        for (String key : keys) {
            registers.put(key, register(key));
        }
        confirmed.replace(registers);
        layered.layAnew();
    }

    private static Map<String, Register> cleared(String key) {
        Map<String, Register> change = new LinkedHashMap<>();
        change.put(key, null);
        return change;
    }

    private static Register register(String value) {
        return new Register(EventData.json('"' + value + '"'), null, "set", null, 1, 1, new ClientId("svc.x"), null);
    }
}
