package celeriant.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the writers write, the readers give back:")
class ReadersTest {
    private final SplittableRandom random = new SplittableRandom(21);
    private final JsonBytes out = new JsonBytes();

    @Test
    @DisplayName("recorded events, alone and in pages")
    void eventsInPages() throws Exception {
        for (int i = 0; i < 500; i++) {
            List<RecordedEvent> events = someEvents();
            PageWriter.writeEvents(events, out.clear());
            assertEquals(events, RecordedReader.readEvents(out.toByteArray()));
            EventWriter.write(events.get(0), out.clear());
            assertEquals(events.get(0), RecordedReader.readEvent(out.toByteArray()));
            PageWriter.writeMerged(events, 7L, 9, "log", "hash", List.of(), out.clear());
            PageReader.Page page = PageReader.read(out.toByteArray());
            assertEquals(new PageReader.Page(events, 7L, 0, 0, 9, "log", "hash", List.of()), page);
        }
    }

    @Test
    @DisplayName("the last page of an aggregate, and changes of rights")
    void lastPage() throws Exception {
        PageWriter.writeAggregate(List.of(), null, 18, 3, out);
        PageReader.Page page = PageReader.read(out.toByteArray());
        assertNull(page.next());
        assertEquals(18, page.version());
        assertEquals(3, page.firstVersion());
        List<PageWriter.RightChange> rights = List.of(
                new PageWriter.RightChange(new AggregateId("a", "1"), null, 5),
                new PageWriter.RightChange(new AggregateId("a", "2"), "owner", 6));
        PageWriter.writeMerged(List.of(), null, 9, "log", "hash", rights, out.clear());
        assertEquals(rights, PageReader.read(out.toByteArray()).rights());
    }

    @Test
    @DisplayName("events that are not recorded yet")
    void unrecorded() throws Exception {
        for (int i = 0; i < 500; i++) {
            Append append = RandomAppends.next(random).get(0);
            out.clear().raw('[');
            append.events().forEach(event -> EventWriter.write(event, out.element()));
            out.raw(']');
            assertEquals(append.events(), RecordedReader.readUnrecorded(out.toByteArray()));
        }
    }

    @Test
    @DisplayName("states with their registers and their snapshot")
    void states() throws Exception {
        AggregateId board = new AggregateId("canvas", "b");
        Map<String, Register> registers = new LinkedHashMap<>();
        for (RecordedEvent event : someEvents()) {
            registers.put("key " + registers.size(), Register.of(event));
        }
        for (byte[] data : List.of("{\"a\":1}".getBytes(StandardCharsets.UTF_8), new byte[] {0, -1})) {
            StateWriter writer = new StateWriter(out.clear());
            writer.begin(board, 18, 1001, "log-1", "ab");
            registers.forEach(writer::register);
            writer.end(new Snapshot(board, 12, "application/json", data));
            StateReader.State state = StateReader.read(out.toByteArray());
            assertEquals(registers, state.registers());
            assertEquals(18, state.version());
            assertEquals(1001, state.position());
            assertEquals("log-1", state.log());
            assertEquals("ab", state.hash());
            assertEquals(12, state.snapshot().version());
            assertArrayEquals(data, state.snapshot().data());
        }
        Register register = registers.values().iterator().next();
        EventWriter.write(register, out.clear());
        assertEquals(register, RecordedReader.readRegister(out.toByteArray()));
    }

    @Test
    @DisplayName("but an answer that lacks something, or is cut, is refused")
    void broken() {
        PageWriter.writeMerged(someEvents(), 7L, 9, "log", "hash", List.of(), out);
        byte[] whole = out.toByteArray();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(BadBodyException.class, () -> PageReader.read(cut));
        }
        for (String evil : List.of("{}", "[]", "{\"events\":[{}]}", "{\"events\":1}", "{\"events\":[{\"id\":1}]}")) {
            assertThrows(BadBodyException.class, () -> PageReader.read(evil.getBytes(StandardCharsets.UTF_8)), evil);
        }
    }

    private List<RecordedEvent> someEvents() {
        List<RecordedEvent> events = new ArrayList<>();
        for (Append append : RandomAppends.next(random)) {
            for (Event event : append.events()) {
                Event named = event.withId(new UUID(random.nextLong(), random.nextLong()));
                events.add(new RecordedEvent(
                        named,
                        1 + random.nextLong(1L << 40),
                        1 + random.nextLong(1L << 40),
                        new ClientId("svc.x"),
                        append.id(),
                        random.nextLong(3),
                        random.nextLong(1L << 41)));
            }
        }
        return events;
    }
}
