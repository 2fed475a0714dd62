package celeriant.log.sequencer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The chain's bytes are a format: they never change, or every client that remembers a hash finds the log diverged. */
class HashChainTest {
    private static final AggregateId BOARD = AggregateId.parse("canvas/board");
    private static final AggregateId ACCESS = AggregateId.parse("$access.canvas/board");
    private static final ClientId ANA = new ClientId("ana");
    private static final long RECORDED_AT = 1_767_225_600_123L;

    private final HashChain chain = new HashChain();

    private static Event painted() {
        EventData data = new EventData(EventData.Form.BINARY, new byte[] {0, -1, 7}, "image/x");
        Encryption sealed = new Encryption("A256GCM", "k1", "aXY");
        return new Event(new UUID(3, 4), BOARD, "painted", "1.2", "käse,🧀", data, "2026-02-03T04:05:06Z", sealed);
    }

    private static AppendRecord first() {
        Event granted = Event.of(ACCESS, "granted", json("\"x\"")).withId(new UUID(5, 6));
        List<RecordedEvent> events = List.of(
                new RecordedEvent(painted(), 3, 41, ANA, new UUID(1, 2), 7, RECORDED_AT),
                new RecordedEvent(granted, 1, 42, ANA, new UUID(1, 2), 7, RECORDED_AT));
        return new AppendRecord("acme", ANA, 7, new UUID(1, 2), RECORDED_AT, events, 1, new byte[0]);
    }

    private static EventData json(String text) {
        return EventData.json(text.getBytes(StandardCharsets.UTF_8));
    }

    private String hash(byte[] previous, AppendRecord record) {
        return HexFormat.of().formatHex(chain.next(previous, record));
    }

    @Test
    void theHashOfAKnownAppendIsTheOneComputedByHand() {
        assertEquals(
                "6d08506a8b985ba8ff619c49f9f2fde2aff2b408f7205d50d72497e8545d3b97",
                hash(OrgHead.EMPTY.hash(), first()));
    }

    @Test
    void theNextHashCoversTheOneBeforeAndLargePayloads() {
        byte[] before = chain.next(OrgHead.EMPTY.hash(), first());
        Event noted =
                Event.of(BOARD, "noted", json("\"" + "x".repeat(9998) + "\"")).withId(new UUID(7, 7));
        RecordedEvent recorded = new RecordedEvent(noted, 4, 43, ANA, new UUID(8, 9), 0, RECORDED_AT + 1);
        AppendRecord second =
                new AppendRecord("acme", ANA, 0, new UUID(8, 9), RECORDED_AT + 1, List.of(recorded), 1, new byte[0]);
        assertEquals("d209a0b14885502a8b57527d6e09cb117d6f1a34a4424b3cca9c64d9073e00db", hash(before, second));
    }

    @Test
    void everythingThatAnAppendSaysIsInItsHash() {
        List<AppendRecord> others = new ArrayList<>();
        AppendRecord r = first();
        others.add(r);
        others.add(new AppendRecord("acm", r.client(), 7, r.id(), RECORDED_AT, r.events(), 1, new byte[0]));
        others.add(new AppendRecord("acme", new ClientId("be"), 7, r.id(), RECORDED_AT, r.events(), 1, new byte[0]));
        others.add(new AppendRecord("acme", r.client(), 7, r.id(), RECORDED_AT, r.events(), 2, new byte[0]));
        for (Event changed : changes(painted())) {
            List<RecordedEvent> events = List.of(
                    new RecordedEvent(changed, 3, 41, ANA, r.id(), 7, RECORDED_AT),
                    r.events().get(1));
            others.add(new AppendRecord("acme", ANA, 7, r.id(), RECORDED_AT, events, 1, new byte[0]));
        }
        long different =
                others.stream().map(each -> hash(new byte[32], each)).distinct().count();
        assertEquals(others.size(), different);
    }

    private static List<Event> changes(Event e) {
        Encryption s = e.encryption();
        EventData d = e.data();
        return List.of(
                e.withId(new UUID(3, 5)),
                new Event(e.id(), ACCESS, e.type(), e.typeVersion(), e.key(), d, e.time(), s),
                new Event(e.id(), BOARD, "p", e.typeVersion(), e.key(), d, e.time(), s),
                new Event(e.id(), BOARD, e.type(), null, e.key(), d, e.time(), s),
                new Event(e.id(), BOARD, e.type(), "", e.key(), d, e.time(), s),
                new Event(e.id(), BOARD, e.type(), e.typeVersion(), null, d, e.time(), s),
                new Event(e.id(), BOARD, e.type(), e.typeVersion(), e.key(), json("1"), e.time(), s),
                new Event(e.id(), BOARD, e.type(), e.typeVersion(), e.key(), EventData.binary(d.bytes()), e.time(), s),
                new Event(e.id(), BOARD, e.type(), e.typeVersion(), e.key(), d, null, s),
                new Event(e.id(), BOARD, e.type(), e.typeVersion(), e.key(), d, e.time(), null),
                new Event(
                        e.id(),
                        BOARD,
                        e.type(),
                        e.typeVersion(),
                        e.key(),
                        d,
                        e.time(),
                        new Encryption(s.alg(), s.kid(), "b")));
    }

    @Test
    void theSameAppendBehindAnotherHasAnotherHash() {
        assertNotEquals(hash(new byte[32], first()), hash(chain.next(new byte[32], first()), first()));
    }
}
