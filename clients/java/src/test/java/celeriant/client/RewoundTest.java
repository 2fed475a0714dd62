package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.Confirmation;
import celeriant.client.buffer.Cursor;
import celeriant.client.buffer.Draft;
import celeriant.client.buffer.KeptAppend;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.buffer.Refusal;
import celeriant.client.buffer.RejectedAppend;
import celeriant.client.buffer.Settlement;
import celeriant.client.gateway.PushAnswer;
import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.wire.DeviceKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What was settled and not read back")
class RewoundTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    private static final long LANDED = 7;

    private final Object memory = new Object();
    private final MemoryBuffer buffer = new MemoryBuffer();
    private Overlay overlay;
    private OpenAggregates all;
    private Outbox outbox;
    private Agreements agreements;

    @BeforeEach
    void settleOneAndAppendAnother() {
        String client =
                buffer.open(() -> DeviceKey.generate(new SecureRandom())).clientId();
        UUID first = id("first");
        buffer.append(List.of(new Draft(first, events("first"), 0, null)));
        KeptAppend kept = new KeptAppend(
                1, first, client, events("first"), new Confirmation(LANDED, LANDED, Map.of(BOARD, 1L)), 0);
        buffer.settle(new Settlement(client, new After(1, first), List.of(kept), List.of()));
        buffer.append(List.of(new Draft(id("second"), events("second"), 0, null)));
        restart();
    }

    private void restart() {
        overlay = new Overlay();
        all = ClientParts.aggregates(memory, buffer, overlay);
        outbox = ClientParts.outbox(memory, buffer, overlay, all);
        agreements = new Agreements(all, outbox);
    }

    @Test
    @DisplayName("lies under what is pending after a restart")
    void afterARestart() {
        OpenAggregate open = all.open(BOARD);
        assertEquals("\"second\"", shown(open));
    }

    @Test
    @DisplayName("lies under what was appended later when the log lost it and it is queued again")
    void queuedAgain() {
        OpenAggregate open = all.open(BOARD);
        outbox.append(events("third"), null);
        assertEquals(1, outbox.rewind(null));
        assertEquals("\"third\"", shown(open));
        assertEquals(
                List.of("\"first\"", "\"second\"", "\"third\""),
                overlay.entries(BOARD).stream()
                        .map(entry -> text(entry.events().get(0)))
                        .toList());
        assertEquals(
                List.of(),
                overlay.entries(BOARD).stream()
                        .filter(entry -> entry.confirmation() != null)
                        .toList());
    }

    @Test
    @DisplayName("and was a rejection that the log lost changes nothing of the rejected list, in which it is or was")
    void lostRejection() {
        Refusal reason = new Refusal("schema-violation", 422, "", Map.of());
        UUID second = id("second");
        outbox.settle(outbox.batch(1), List.of(new PushAnswer.Outcome(second, null, reason)));
        List<RejectedAppend> before = outbox.rejected();
        assertEquals(events("second"), before.get(0).events());
        loseAll();
        assertEquals(before, outbox.rejected());
        outbox.discardRejected(second);
        loseAll();
        assertEquals(List.of(), outbox.rejected());
        assertEquals(List.of(), buffer.contents().rejected());
    }

    private void loseAll() {
        assertEquals(2, outbox.rewind(null));
        Confirmation again = new Confirmation(LANDED, LANDED, Map.of(BOARD, 1L));
        Refusal given = new Refusal("void", 410, "", Map.of());
        outbox.settle(
                outbox.batch(2),
                List.of(
                        new PushAnswer.Outcome(id("first"), again, null),
                        new PushAnswer.Outcome(id("second"), null, given)));
    }

    @Test
    @DisplayName("comes off when reading passes its place without it: it may be hidden from this reader")
    void passed() {
        OpenAggregate open = all.open(BOARD);
        all.agree(Cursor.at(LANDED - 1));
        all.follow(Set.of(BOARD));
        assertEquals(2, overlay.entries(BOARD).size());
        all.granted(new AggregateId("canvas", "another"), LANDED + 1);
        assertEquals(1, overlay.entries(BOARD).size());
        assertEquals("\"second\"", shown(open));
    }

    @Test
    @DisplayName("comes off when a hash says that its place was passed")
    void passedWithAHash() {
        all.open(BOARD);
        all.agree(Cursor.at(LANDED - 1));
        all.follow(Set.of(BOARD));
        all.agree(new Cursor(LANDED, "log", LANDED, "hash"));
        assertEquals(1, overlay.entries(BOARD).size());
    }

    @Test
    @DisplayName("is covered by the hash of a state from further on, which an earlier one does not replace")
    void earlierHash() {
        all.agree(new Cursor(1, "log", LANDED + 5, "of a state"));
        all.agree(new Cursor(LANDED, "log", LANDED, "earlier"));
        assertEquals(
                new Cursor(LANDED, "log", LANDED + 5, "of a state"),
                buffer.contents().cursor());
    }

    @Test
    @DisplayName("is asked for before a hash beyond it is remembered: the log may have lost it and grown again")
    void askedFor() {
        agreements.readingBegins(all.cursor());
        agree("hash");
        assertNull(buffer.contents().cursor());
        assertTrue(agreements.wantProof());
        agreements.answered(agreements.asks(), false);
        assertEquals("hash", buffer.contents().cursor().checkHash());
        assertFalse(agreements.wantProof());
    }

    @Test
    @DisplayName("is not proved by an answer to what was asked before reading began")
    void askedBefore() {
        long before = agreements.asks();
        agreements.readingBegins(all.cursor());
        agree("hash");
        agreements.answered(before, false);
        assertNull(buffer.contents().cursor());
    }

    @Test
    @DisplayName("is no matter to a hash once a hash beyond it is remembered")
    void covered() {
        all.agree(new Cursor(LANDED, "log", LANDED, "hash"));
        agreements.readingBegins(all.cursor());
        agree("later");
        assertEquals("later", buffer.contents().cursor().checkHash());
        assertFalse(agreements.wantProof());
    }

    @Test
    @DisplayName("is asked for where the log was asked with an older hash than the one that is remembered by now")
    void askedWithAnOlderHash() {
        Cursor asked = all.cursor();
        agreements.readingBegins(asked);
        agree("hash");
        agreements.answered(agreements.asks(), false);
        assertEquals("hash", buffer.contents().cursor().checkHash());
        agreements.readingBegins(asked);
        agree("of a log that lost it");
        assertEquals("hash", buffer.contents().cursor().checkHash());
        assertTrue(agreements.wantProof());
    }

    @Test
    @DisplayName("is asked for once in a reading that goes on")
    void askedForOnce() {
        agreements.readingBegins(null);
        agree("hash");
        agreements.answered(agreements.asks(), false);
        agree("later");
        assertEquals("later", buffer.contents().cursor().checkHash());
    }

    private void agree(String hash) {
        agreements.agree(() -> all.agree(new Cursor(LANDED + 1, "log", LANDED + 1, hash)));
    }

    private static String shown(OpenAggregate open) {
        return new String(open.layered().values().get("k").data().bytes(), StandardCharsets.UTF_8);
    }

    private static String text(Event event) {
        return new String(event.data().bytes(), StandardCharsets.UTF_8);
    }

    private static List<Event> events(String value) {
        return List.of(Event.keyed(BOARD, "set", "k", EventData.json('"' + value + '"')));
    }

    private static UUID id(String word) {
        return UUID.nameUUIDFromBytes(word.getBytes(StandardCharsets.UTF_8));
    }
}
