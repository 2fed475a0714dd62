package celeriant.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RegistersTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "board");

    private final Registers registers = new Registers();

    private static RecordedEvent recorded(long version, String key, EventData data, String time) {
        Event event = new Event(new UUID(1, version), BOARD, "set", null, key, data, time, null);
        return new RecordedEvent(event, version, version + 100, new ClientId("ana"), new UUID(2, version), 0, 0);
    }

    private void apply(long version, String key, String json) {
        registers.apply(recorded(version, key, EventData.json(json.getBytes(StandardCharsets.UTF_8)), null));
    }

    private String value(String key) {
        return new String(registers.asMap().get(key).data().bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void theLatestEventOfAKeyWins() {
        apply(1, "x", "1");
        apply(2, "y", "2");
        apply(3, "x", "3");
        assertEquals("3", value("x"));
        assertEquals("2", value("y"));
        assertEquals(3, registers.asMap().get("x").version());
        assertEquals(103, registers.asMap().get("x").position());
    }

    @Test
    void clientClocksDecideNothing() {
        EventData data = EventData.json(new byte[] {'1'});
        registers.apply(recorded(1, "x", data, "2099-01-01T00:00:00Z"));
        registers.apply(recorded(2, "x", data, "1970-01-01T00:00:00Z"));
        assertEquals("1970-01-01T00:00:00Z", registers.asMap().get("x").time());
    }

    @Test
    void anEventWithoutAKeyOnlyMovesTheVersion() {
        apply(1, "x", "1");
        apply(2, null, "null");
        assertEquals(1, registers.asMap().size());
        assertEquals(2, registers.version());
    }

    @Test
    void jsonNullClearsARegister() {
        apply(1, "x", "1");
        apply(2, "x", "null");
        assertTrue(registers.asMap().isEmpty());
        apply(3, "x", "2");
        assertEquals("2", value("x"));
    }

    @Test
    void onlyTheJsonValueNullClears() {
        apply(1, "text", "\"null\"");
        registers.apply(recorded(2, "binary", EventData.binary("null".getBytes(StandardCharsets.UTF_8)), null));
        apply(3, "empty", "{}");
        assertEquals(3, registers.asMap().size());
    }

    @Test
    void clearingWhatIsNotSetIsNoFault() {
        apply(1, "x", "null");
        assertTrue(registers.asMap().isEmpty());
        assertEquals(1, registers.version());
    }

    @Test
    void aFoldGoesForwardAndMaySkipWhatIsNotThere() {
        apply(5, "x", "1");
        assertThrows(IllegalArgumentException.class, () -> apply(5, "x", "2"));
        assertThrows(IllegalArgumentException.class, () -> apply(4, "x", "2"));
        apply(9, "x", "3");
        assertEquals("3", value("x"));
    }

    @Test
    void whoHoldsTheMapSeesLaterEventsAndCannotChangeIt() {
        var map = registers.asMap();
        apply(1, "x", "1");
        assertEquals(1, map.size());
        assertThrows(UnsupportedOperationException.class, map::clear);
    }

    @Test
    void keysAreOrderedAsTheirBytesInUtf8() {
        SplittableRandom random = new SplittableRandom(5);
        List<String> keys =
                new ArrayList<>(List.of("", "a", "ab", "b", "\u007F", "\u0080", "\uD7FF", "\uE000", "\uFFFF"));
        for (int i = 0; i < 500; i++) {
            StringBuilder key = new StringBuilder();
            for (int c = random.nextInt(4); c >= 0; c--) {
                int codePoint = random.nextInt(4) == 0 ? 0xF000 + random.nextInt(0x2000) : random.nextInt(0x200);
                key.appendCodePoint(codePoint);
            }
            keys.add(key.toString());
        }
        for (String left : keys) {
            for (String right : keys) {
                int byBytes = Arrays.compareUnsigned(
                        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
                assertEquals(Integer.signum(byBytes), Integer.signum(Registers.compareCodePoints(left, right)));
            }
        }
    }

    @Test
    void nullIsJsonNullAndNothingElse() {
        assertTrue(EventData.json("null".getBytes(StandardCharsets.UTF_8)).isJsonNull());
        assertFalse(EventData.json("nul".getBytes(StandardCharsets.UTF_8)).isJsonNull());
        assertFalse(EventData.binary("null".getBytes(StandardCharsets.UTF_8)).isJsonNull());
    }
}
