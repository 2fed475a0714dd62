package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.AggregateState;
import celeriant.log.SnapshotOutcome;
import celeriant.log.TrimmedException;
import celeriant.model.AggregateId;
import celeriant.model.Encryption;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.Problem;
import celeriant.model.Register;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The last-write-wins state of an aggregate, and snapshots. */
public interface StateContract extends ContractTests {
    private static Event clear(AggregateId aggregate, String key) {
        return set(aggregate, key, "null");
    }

    private static Map<String, String> values(AggregateState state) {
        Map<String, String> values = new TreeMap<>();
        state.registers()
                .forEach((key, register) ->
                        values.put(key, new String(register.data().bytes(), StandardCharsets.UTF_8)));
        return values;
    }

    private Map<String, String> values(AggregateId aggregate) {
        return values(log().state(ORG, aggregate).orElseThrow());
    }

    private Map<String, String> valuesAt(long version) {
        return values(log().stateAt(ORG, BOARD, version).orElseThrow());
    }

    private Problem snapshotRefused(long version, boolean replaceSame) {
        return assertInstanceOf(SnapshotOutcome.Refused.class, fixture().snapshot(BOARD, version, "x", replaceSame))
                .problem();
    }

    @Test
    default void whatNeverExistedHasNoState() {
        assertTrue(log().state(ORG, BOARD).isEmpty());
        assertTrue(log().stateAt(ORG, BOARD, 1).isEmpty());
        assertTrue(log().register(ORG, BOARD, "k").isEmpty());
        assertTrue(log().snapshot(ORG, BOARD).isEmpty());
    }

    @Test
    default void theLatestEventOfAKeyWinsWhoeverWroteIt() {
        fixture().appended(ANA, numbered(1, set(BOARD, "x", "1"), set(BOARD, "y", "1")));
        fixture().appended(BEN, numbered(1, set(BOARD, "x", "2"), set(OTHER, "x", "9")));
        fixture().appended(ANA, numbered(2, fact(BOARD, "noted"), set(BOARD, "y", "3"), set(BOARD, "y", "4")));
        assertEquals(Map.of("x", "2", "y", "4"), values(BOARD));
        assertEquals(Map.of("x", "9"), values(OTHER));
    }

    @Test
    default void aRegisterTellsAllOfItsEvent() {
        Encryption sealed = new Encryption("A256GCM", "k", "aXY");
        Event event = new Event(id(7), BOARD, "painted", "2.0", "x", json("[1]"), "2020-01-01T00:00:00Z", sealed);
        fixture().appended(BEN, online(1, fact(BOARD, "a"), event));
        Register expected = new Register(json("[1]"), sealed, "painted", "2.0", 2, 2, BEN, "2020-01-01T00:00:00Z");
        assertEquals(
                Map.of("x", expected), log().state(ORG, BOARD).orElseThrow().registers());
        assertEquals(expected, log().register(ORG, BOARD, "x").orElseThrow());
    }

    @Test
    default void nullWithAKeyClearsTheRegister() {
        fixture().appended(ANA, online(1, set(BOARD, "x", "1"), set(BOARD, "y", "\"null\"")));
        fixture().appended(ANA, online(2, clear(BOARD, "x"), clear(BOARD, "never")));
        assertEquals(Map.of("y", "\"null\""), values(BOARD));
        assertTrue(log().register(ORG, BOARD, "x").isEmpty());
        fixture().appended(ANA, online(3, set(BOARD, "x", "2")));
        assertEquals(Map.of("x", "2", "y", "\"null\""), values(BOARD));
    }

    @Test
    default void keysComeInTheOrderOfTheirCodePoints() {
        List<String> ordered = List.of("", "0", "A", "a", "ab", "é", "ｚ", "\uFFFD", "🧀", "🧀a");
        Event[] events = ordered.reversed().stream()
                .filter(key -> !key.isEmpty())
                .map(key -> set(BOARD, key, "1"))
                .toArray(Event[]::new);
        fixture().appended(ANA, online(1, events));
        assertEquals(
                ordered.subList(1, ordered.size()),
                List.copyOf(log().state(ORG, BOARD).orElseThrow().registers().keySet()));
    }

    @Test
    default void stateTellsItsVersionAndTheOrgsPosition() {
        fixture().appended(ANA, online(1, set(BOARD, "x", "1")));
        fixture().appended(ANA, online(2, fact(PLOT, "a"), fact(PLOT, "b")));
        AggregateState state = log().state(ORG, BOARD).orElseThrow();
        assertEquals(BOARD, state.aggregate());
        assertEquals(1, state.version());
        assertEquals(3, state.position());
        assertNull(state.snapshot());
    }

    @Test
    default void theStateOfAnEarlierVersionIsTheFoldUpToThere() {
        fixture().appended(ANA, online(1, set(BOARD, "x", "1"), fact(PLOT, "a"), set(BOARD, "y", "1")));
        fixture().appended(ANA, online(2, set(BOARD, "x", "2"), clear(BOARD, "y")));
        assertEquals(Map.of("x", "1"), valuesAt(1));
        assertEquals(Map.of("x", "1", "y", "1"), valuesAt(2));
        assertEquals(Map.of("x", "2", "y", "1"), valuesAt(3));
        assertEquals(values(BOARD), valuesAt(4));
        assertEquals(3, log().stateAt(ORG, BOARD, 2).orElseThrow().position());
        assertEquals(2, log().stateAt(ORG, BOARD, 2).orElseThrow().version());
        assertTrue(log().stateAt(ORG, BOARD, 5).isEmpty());
    }

    @Test
    default void theStateOfATrimmedVersionIsGone() {
        fixture()
                .appended(
                        ANA,
                        online(
                                1,
                                set(BOARD, "x", "1"),
                                set(BOARD, "y", "1"),
                                set(BOARD, "x", "2"),
                                set(BOARD, "x", "3")));
        fixture().trim(null, BOARD, 3, false);
        assertEquals(
                3,
                assertThrows(TrimmedException.class, () -> log().stateAt(ORG, BOARD, 2))
                        .firstVersion());
        assertEquals(Map.of("x", "2", "y", "1"), valuesAt(3));
        assertEquals(Map.of("x", "3", "y", "1"), valuesAt(5));
        fixture().appended(ANA, online(2, set(BOARD, "y", "7")));
        assertThrows(
                TrimmedException.class, () -> log().stateAt(ORG, BOARD, 3), "what y was at version 3 is trimmed away");
        assertEquals(Map.of("x", "3", "y", "7"), valuesAt(6));
    }

    @Test
    default void aSnapshotIsStoredAndServedWithTheState() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b"), fact(BOARD, "c")));
        assertEquals(new SnapshotOutcome.Stored(false), fixture().snapshot(BOARD, 2, "two", false));
        AggregateState state = log().state(ORG, BOARD).orElseThrow();
        assertEquals(2, state.snapshot().version());
        assertEquals("text/plain", state.snapshot().contentType());
        assertEquals("two", new String(state.snapshot().data(), StandardCharsets.UTF_8));
        assertEquals(3, state.version());
        assertEquals(3, fixture().position(), "a snapshot takes no position");
        assertEquals("two", new String(log().snapshot(ORG, BOARD).orElseThrow().data(), StandardCharsets.UTF_8));
    }

    @Test
    default void aNewerSnapshotReplacesTheStoredOneAndAnOlderDoesNot() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b"), fact(BOARD, "c")));
        fixture().snapshot(BOARD, 2, "two", false);
        Problem older = snapshotRefused(1, true);
        assertEquals(ErrorCode.VERSION_CONFLICT, older.code());
        assertEquals(2L, older.fields().get("actual"));
        Problem same = snapshotRefused(2, false);
        assertEquals(ErrorCode.VERSION_CONFLICT, same.code());
        assertEquals(new SnapshotOutcome.Stored(true), fixture().snapshot(BOARD, 2, "two again", true));
        assertEquals(new SnapshotOutcome.Stored(true), fixture().snapshot(BOARD, 3, "three", false));
        assertEquals(
                "three", new String(log().snapshot(ORG, BOARD).orElseThrow().data(), StandardCharsets.UTF_8));
    }

    @Test
    default void aSnapshotIsOfAVersionThatThereIs() {
        assertEquals(ErrorCode.NOT_FOUND, snapshotRefused(1, false).code());
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        assertEquals(ErrorCode.BAD_REQUEST, snapshotRefused(2, false).code());
        assertEquals(ErrorCode.BAD_REQUEST, snapshotRefused(0, false).code());
        assertTrue(log().snapshot(ORG, BOARD).isEmpty());
    }

    @Test
    default void aLateSnapshotDoesNotBringBackWhatWasDeleted() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b")));
        fixture().deleted(BOARD, true);
        fixture().appended(ANA, online(2, fact(BOARD, "c")));
        Problem late = snapshotRefused(2, true);
        assertEquals(ErrorCode.GONE, late.code());
        assertEquals(4L, late.fields().get("firstVersion"));
        assertEquals(ErrorCode.GONE, snapshotRefused(3, true).code(), "the deletion's own version");
        assertEquals(new SnapshotOutcome.Stored(false), fixture().snapshot(BOARD, 4, "four", false));
    }

    @Test
    default void aLateSnapshotLeavesNoHoleBeforeTheFirstEventThatATrimLeft() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b"), fact(BOARD, "c")));
        fixture().trim(null, BOARD, 3, true);
        assertEquals(ErrorCode.GONE, snapshotRefused(1, true).code(), "the event of version 2 is missing");
        assertEquals(new SnapshotOutcome.Stored(false), fixture().snapshot(BOARD, 2, "two", false));
    }

    @Test
    default void theStateOfAnEarlierVersionHasNoLaterSnapshot() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b")));
        fixture().snapshot(BOARD, 2, "two", false);
        assertNull(log().stateAt(ORG, BOARD, 1).orElseThrow().snapshot());
        assertEquals(2, log().stateAt(ORG, BOARD, 2).orElseThrow().snapshot().version());
    }
}
