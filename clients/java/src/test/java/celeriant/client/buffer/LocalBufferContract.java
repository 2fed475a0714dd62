package celeriant.client.buffer;

import static celeriant.client.buffer.BufferSamples.BOARD;
import static celeriant.client.buffer.BufferSamples.NOTES;
import static celeriant.client.buffer.BufferSamples.draft;
import static celeriant.client.buffer.BufferSamples.event;
import static celeriant.client.buffer.BufferSamples.id;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.model.Registers;
import celeriant.model.Snapshot;
import celeriant.wire.DeviceKey;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every local buffer does. Subclasses say how theirs is made, and opened again after a stop. */
abstract class LocalBufferContract {
    private static final Refusal NO = new Refusal("access-denied", 403, "no", Map.of("pointer", "/x", "n", 1L));

    private LocalBuffer buffer;
    private BufferContents opened;

    /** A buffer on the store of this test, which is empty at first; called again after a close. */
    abstract LocalBuffer onSameStore() throws Exception;

    @BeforeEach
    void open() throws Exception {
        buffer = onSameStore();
        opened = buffer.open(() -> DeviceKey.generate(new SecureRandom()));
    }

    @AfterEach
    void close() {
        buffer.close();
    }

    @Test
    @DisplayName("A new buffer asks for an identity once, and keeps it")
    void keepsIdentity() throws Exception {
        reopen();
        assertEquals(opened.clientId(), buffer.contents().clientId());
        assertNull(opened.settled());
        assertNull(opened.cursor());
        assertEquals(List.of(), opened.pending());
    }

    @Test
    @DisplayName("Appends are numbered 1, 2, 3 and survive a stop, with all that they hold")
    void numbers() throws Exception {
        List<PendingAppend> first = buffer.append(List.of(draft(1), draft(2)));
        List<PendingAppend> then = buffer.append(List.of(draft(3)));
        assertEquals(
                List.of(1L, 2L), first.stream().map(PendingAppend::sequence).toList());
        reopen();
        assertEquals(
                List.of(first.get(0), first.get(1), then.get(0)),
                buffer.contents().pending());
        assertEquals(then, buffer.loadPending(2));
        assertEquals(4, buffer.append(List.of(draft(4))).get(0).sequence());
    }

    @Test
    @DisplayName("A settlement takes the front of the queue away, keeps it, and lists what was rejected")
    void settles() throws Exception {
        List<PendingAppend> pending = buffer.append(List.of(draft(1), draft(2), draft(3)));
        settle(pending.subList(0, 2), Set.of(2L));
        reopen();
        BufferContents contents = buffer.contents();
        assertEquals(new After(2, id(2)), contents.settled());
        assertEquals(List.of(pending.get(2)), contents.pending());
        assertEquals(1, contents.rejected().size());
        RejectedAppend rejected = contents.rejected().get(0);
        assertEquals(new RejectedAppend(2, id(2), pending.get(1).events(), NO, 1002, 5000), rejected);
        assertEquals(
                List.of(1L),
                buffer.loadKept(0).stream().map(KeptAppend::sequence).toList());
        assertEquals(
                new Confirmation(1, 1, Map.of(BOARD, 1L)),
                buffer.loadKept(0).get(0).confirmation());
        assertEquals(List.of(), buffer.loadKept(1));
    }

    @Test
    @DisplayName("A settlement under another identity is refused and changes nothing")
    void settlementOfAnother() {
        List<PendingAppend> pending = buffer.append(List.of(draft(1)));
        Settlement other = new Settlement("somebody", new After(1, id(1)), List.of(), List.of());
        assertThrows(BufferException.IdentityChanged.class, () -> buffer.settle(other));
        assertEquals(pending, buffer.contents().pending());
        assertNull(buffer.contents().settled());
    }

    @Test
    @DisplayName("A rejected append leaves the list when it is discarded, or when its retry is stored")
    void rejectedLeave() throws Exception {
        settle(buffer.append(List.of(draft(1), draft(2))), Set.of(1L, 2L));
        buffer.discardRejected(id(1));
        buffer.append(List.of(new Draft(id(9), draft(2).events(), 1, id(2))));
        reopen();
        assertEquals(List.of(), buffer.contents().rejected());
        assertEquals(1, buffer.contents().pending().size());
    }

    @Test
    @DisplayName("A rejected append is taken off the list once, by whoever is first; the others are told")
    void takenOffOnce() throws Exception {
        settle(buffer.append(List.of(draft(1), draft(2))), Set.of(1L, 2L));
        Draft first = new Draft(id(7), draft(1).events(), 1, id(1));
        Draft second = new Draft(id(8), draft(1).events(), 1, id(1));
        assertEquals(List.of(id(7), id(3)), ids(buffer.append(List.of(first, second, draft(3)))));
        assertFalse(buffer.discardRejected(id(1)));
        assertTrue(buffer.discardRejected(id(2)));
        assertFalse(buffer.discardRejected(id(2)));
        assertEquals(List.of(), buffer.append(List.of(new Draft(id(9), draft(2).events(), 1, id(2)))));
        reopen();
        assertEquals(List.of(), buffer.contents().rejected());
        assertEquals(List.of(id(7), id(3)), ids(buffer.contents().pending()));
        assertEquals(5, buffer.append(List.of(draft(4))).get(0).sequence());
    }

    private static List<UUID> ids(List<PendingAppend> appends) {
        return appends.stream().map(PendingAppend::id).toList();
    }

    @Test
    @DisplayName("A given-up append stays in its place, with the reason")
    void givesUp() throws Exception {
        buffer.append(List.of(draft(1), draft(2)));
        buffer.giveUp(1, NO);
        reopen();
        assertEquals(NO, buffer.contents().pending().get(0).givenUp());
        assertNull(buffer.contents().pending().get(1).givenUp());
    }

    @Test
    @DisplayName("A rewind makes pending again what the log lost, under the old numbers; what was rejected as void")
    void rewinds() throws Exception {
        settle(buffer.append(List.of(draft(1), draft(2), draft(3))), Set.of(3L));
        List<PendingAppend> behind = buffer.append(List.of(draft(4)));
        buffer.rewind(new After(1, id(1)));
        reopen();
        BufferContents contents = buffer.contents();
        assertEquals(new After(1, id(1)), contents.settled());
        assertEquals(
                List.of(2L, 3L, 4L),
                contents.pending().stream().map(PendingAppend::sequence).toList());
        assertEquals(draft(2).events(), contents.pending().get(0).events());
        assertNull(contents.pending().get(0).givenUp());
        assertEquals("void", contents.pending().get(1).givenUp().code());
        assertEquals(behind.get(0), contents.pending().get(2));
        assertEquals(5, buffer.append(List.of(draft(5))).get(0).sequence());
    }

    @Test
    @DisplayName("After a rewind with nothing left to send again, the next append follows what the log has")
    void rewindsToNothing() {
        settle(buffer.append(List.of(draft(1), draft(2), draft(3))), Set.of());
        buffer.pruneKept(Long.MAX_VALUE);
        assertEquals(List.of(), buffer.rewind(new After(1, id(1))).pending());
        assertEquals(2, buffer.append(List.of(draft(4))).get(0).sequence());
    }

    @Test
    @DisplayName("A new identity takes over everything unsettled, numbered from 1 in its order")
    void restamps() throws Exception {
        settle(buffer.append(List.of(draft(1))), Set.of());
        buffer.append(List.of(draft(2), draft(3)));
        DeviceKey other = DeviceKey.generate(new SecureRandom());
        buffer.restamp(other);
        reopen();
        BufferContents contents = buffer.contents();
        assertEquals(other.jwk().thumbprint(), contents.clientId());
        assertNull(contents.settled());
        assertEquals(
                List.of(id(2), id(3)),
                contents.pending().stream().map(PendingAppend::id).toList());
        assertEquals(
                List.of(1L, 2L),
                contents.pending().stream().map(PendingAppend::sequence).toList());
        assertEquals(3, buffer.append(List.of(draft(4))).get(0).sequence());
    }

    @Test
    @DisplayName("Confirmed state moves on, is reset, and survives a stop")
    void confirms() throws Exception {
        Map<String, Register> registers = new LinkedHashMap<>();
        registers.put("a", Register.of(event(1)));
        registers.put("\u00e9\ud83d\ude00", Register.of(event(2)));
        Cursor cursor = new Cursor(2, "log", 2, "hash");
        confirm(cursor, Set.of(BOARD), change(BOARD, 2, false, registers, History.NONE, List.of()));
        reopen();
        assertEquals(cursor, buffer.contents().cursor());
        assertEquals(Set.of(BOARD), buffer.contents().follows());
        StoredAggregate stored = buffer.loadAggregate(BOARD).orElseThrow();
        assertEquals(registers, stored.registers());
        assertEquals(2, stored.version());
        registers.put("a", null);
        confirm(cursor.movedTo(3), null, change(BOARD, 3, false, registers, History.NONE, List.of()));
        assertEquals(
                Set.of("\u00e9\ud83d\ude00"),
                buffer.loadAggregate(BOARD).orElseThrow().registers().keySet());
        assertEquals(Set.of(BOARD), buffer.contents().follows());
        confirm(null, Set.of(), change(BOARD, 4, true, Map.of(), History.NONE, List.of()));
        assertEquals(Map.of(), buffer.loadAggregate(BOARD).orElseThrow().registers());
        assertEquals(3, buffer.contents().cursor().position());
    }

    @Test
    @DisplayName(
            "Registers that come as a whole, and what changes of them after that, are there in the order of the keys")
    void manyRegisters() throws Exception {
        Map<String, Register> registers = new TreeMap<>(Registers::compareCodePoints);
        for (int i = 0; i < 250; i++) {
            registers.put("k" + i, Register.of(event(i + 1)));
        }
        registers.put("\uffff", Register.of(event(251)));
        registers.put("\ud83d\ude00", Register.of(event(252)));
        confirm(Cursor.at(252), Set.of(BOARD), change(BOARD, 252, true, registers, History.NONE, List.of()));
        assertStored(registers);
        Map<String, Register> changes = new LinkedHashMap<>();
        changes.put("k7", null);
        changes.put("a", Register.of(event(300)));
        changes.put("k249", Register.of(event(301)));
        changes.put("z", null);
        changes.put("\ud83d\ude01", Register.of(event(302)));
        ExpectedRegisters.change(registers, changes);
        confirm(null, null, change(BOARD, 302, false, changes, History.NONE, List.of()));
        assertStored(registers);
        Map<String, Register> again = Map.of("k7", Register.of(event(303)));
        ExpectedRegisters.change(registers, again);
        confirm(null, null, change(BOARD, 303, false, again, History.NONE, List.of()));
        assertStored(registers);
        registers.keySet().removeIf(key -> !key.equals("k1"));
        confirm(null, null, change(BOARD, 304, true, registers, History.NONE, List.of()));
        assertStored(registers);
    }

    @Test
    @DisplayName("Very many registers that came one by one are the same after each stop")
    void manyChanges() throws Exception {
        Map<String, Register> registers = new TreeMap<>(Registers::compareCodePoints);
        registers.put("b", Register.of(event(1)));
        registers.put("k7", Register.of(event(2)));
        confirm(Cursor.at(2), Set.of(BOARD), change(BOARD, 2, true, registers, History.NONE, List.of()));
        Map<String, Register> changes = new LinkedHashMap<>();
        for (int i = 0; i < 1_500; i++) {
            changes.put("k" + i, Register.of(event(i + 3)));
        }
        changes.put("b", null);
        ExpectedRegisters.change(registers, changes);
        confirm(null, null, change(BOARD, 1_502, false, changes, History.NONE, List.of()));
        assertStored(registers);
        assertStored(registers);
        Map<String, Register> last = new LinkedHashMap<>();
        last.put("k3", null);
        ExpectedRegisters.change(registers, last);
        confirm(null, null, change(BOARD, 1_503, false, last, History.NONE, List.of()));
        assertStored(registers);
    }

    private void assertStored(Map<String, Register> registers) throws Exception {
        reopen();
        Map<String, Register> stored = buffer.loadAggregate(BOARD).orElseThrow().registers();
        assertEquals(registers, stored);
        assertEquals(List.copyOf(registers.keySet()), ExpectedRegisters.inOrder(stored, buffer));
        assertNull(stored.get("nothing"));
    }

    @Test
    @DisplayName("Kept events are read in order and from a version, and go when they are trimmed or not wanted")
    void keepsHistory() throws Exception {
        List<RecordedEvent> events = List.of(event(1), event(2), event(3), event(4));
        confirm(Cursor.at(4), null, change(BOARD, 4, false, Map.of(), History.all(0), events));
        reopen();
        assertEquals(events, buffer.loadHistory(BOARD, 0, 10));
        assertEquals(events.subList(1, 3), buffer.loadHistory(BOARD, 1, 2));
        assertEquals(0, buffer.loadAggregate(BOARD).orElseThrow().keeps().after());
        confirm(null, null, change(BOARD, 4, false, Map.of(), History.all(2), List.of()));
        assertEquals(events.subList(2, 4), buffer.loadHistory(BOARD, 0, 10));
        confirm(null, null, change(BOARD, 4, false, Map.of(), History.NONE, List.of()));
        assertEquals(List.of(), buffer.loadHistory(BOARD, 0, 10));
        assertEquals(List.of(), buffer.loadHistory(NOTES, 0, 10));
    }

    @Test
    @DisplayName("A snapshot and the tail behind it are there again after a stop")
    void keepsSnapshots() throws Exception {
        byte[] state = {0, 1, (byte) 0xFF};
        History tail = new History(2, true, new Snapshot(BOARD, 2, "application/octet-stream", state));
        confirm(Cursor.at(3), null, change(BOARD, 3, false, Map.of(), tail, List.of(event(3))));
        reopen();
        History kept = buffer.loadAggregate(BOARD).orElseThrow().keeps();
        assertEquals(2, kept.after());
        assertEquals(true, kept.tail());
        assertEquals("application/octet-stream", kept.snapshot().contentType());
        assertArrayEquals(state, kept.snapshot().data());
        assertEquals(List.of(event(3)), buffer.loadHistory(BOARD, 0, 10));
        confirm(null, null, change(BOARD, 3, false, Map.of(), History.all(0), List.of(event(1))));
        assertNull(buffer.loadAggregate(BOARD).orElseThrow().keeps().snapshot());
    }

    @Test
    @DisplayName("An aggregate can be forgotten, or everything that was read")
    void forgets() {
        confirm(
                Cursor.at(1),
                Set.of(BOARD, NOTES),
                change(BOARD, 1, false, Map.of(), History.all(0), List.of(event(1))));
        confirm(null, null, change(NOTES, 1, false, Map.of(), History.NONE, List.of()));
        confirm(null, null, AggregateChange.forget(BOARD));
        assertEquals(true, buffer.loadAggregate(BOARD).isEmpty());
        assertEquals(List.of(), buffer.loadHistory(BOARD, 0, 10));
        assertEquals(true, buffer.loadAggregate(NOTES).isPresent());
        buffer.confirm(new ConfirmedChange(null, Set.of(), List.of(), true));
        assertEquals(true, buffer.loadAggregate(NOTES).isEmpty());
        assertNull(buffer.contents().cursor());
        assertEquals(Set.of(), buffer.contents().follows());
    }

    @Test
    @DisplayName("Kept appends are dropped by age")
    void prunes() {
        settle(buffer.append(List.of(draft(1))), Set.of());
        buffer.pruneKept(5000);
        assertEquals(1, buffer.loadKept(0).size());
        buffer.pruneKept(5001);
        assertEquals(List.of(), buffer.loadKept(0));
    }

    private void settle(List<PendingAppend> appends, Set<Long> refused) {
        String client = buffer.contents().clientId();
        List<KeptAppend> kept = appends.stream()
                .map(append -> refused.contains(append.sequence())
                        ? new KeptAppend(append.sequence(), append.id(), client, List.of(), null, 5000)
                        : new KeptAppend(
                                append.sequence(),
                                append.id(),
                                client,
                                append.events(),
                                new Confirmation(append.sequence(), append.sequence(), Map.of(BOARD, 1L)),
                                5000))
                .toList();
        List<RejectedAppend> rejected = appends.stream()
                .filter(append -> refused.contains(append.sequence()))
                .map(append -> new RejectedAppend(
                        append.sequence(), append.id(), append.events(), NO, append.createdAtMillis(), 5000))
                .toList();
        PendingAppend last = appends.get(appends.size() - 1);
        buffer.settle(new Settlement(client, new After(last.sequence(), last.id()), kept, rejected));
    }

    private void confirm(Cursor cursor, Set<AggregateId> follows, AggregateChange change) {
        buffer.confirm(new ConfirmedChange(cursor, follows, List.of(change), false));
    }

    private static AggregateChange change(
            AggregateId aggregate,
            long version,
            boolean reset,
            Map<String, Register> registers,
            History keeps,
            List<RecordedEvent> history) {
        return new AggregateChange(aggregate, version, version, reset, registers, keeps, history, false);
    }

    private void reopen() throws Exception {
        buffer.close();
        buffer = onSameStore();
        buffer.open(() -> {
            throw new AssertionError("there is an identity");
        });
    }
}
