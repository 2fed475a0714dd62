package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.text;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.client.buffer.MemoryBuffer;
import celeriant.gateway.access.OrgPolicy;
import celeriant.model.AggregateId;
import celeriant.model.EventData;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("With encryption")
@Timeout(240)
class EncryptionTest {
    private final RunningGateway running = new RunningGateway(OrgPolicy.DEMO);
    private final Map<String, SecretKey> keys = new ConcurrentHashMap<>(Map.of("old", key(1)));
    private final AtomicReference<String> current = new AtomicReference<>("old");
    private final Codec codec = A256Gcm.with(keys::get, event -> current.get());

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    @DisplayName("neither the log nor the buffer sees data in the clear; who has the key sees it, offline too")
    void sealed() throws Exception {
        MemoryBuffer buffer = new MemoryBuffer();
        Celeriant ann = running.client(of -> of.buffer(buffer).codec(codec));
        AggregateView view = ann.open(BOARD);
        ann.append(paint("1", "secret")).awaitConfirmed();
        until(() -> view.version() == 1);
        assertEquals("\"secret\"", view.register("1").text());
        assertFalse(text(running.recorded().get(0).event().data()).contains("secret"));
        EventData kept =
                buffer.loadAggregate(BOARD).orElseThrow().registers().get("1").data();
        assertFalse(text(kept).contains("secret"));
        ann.close();
        FaultyHttp down = new FaultyHttp();
        down.down(true);
        Celeriant again = running.client(of -> of.buffer(buffer).codec(codec).http(down));
        assertEquals("\"secret\"", again.open(BOARD).register("1").text());
        Celeriant stranger = running.client();
        AggregateView sealed = stranger.open(BOARD);
        until(() -> sealed.register("1") != null);
        assertEquals("old", sealed.register("1").encryption().kid());
    }

    @Test
    @DisplayName("new data is sealed with the new key after a rotation, and the old stays readable")
    void rotates() throws Exception {
        Celeriant ann = running.client(of -> of.codec(codec));
        ann.append(paint("1", "before")).awaitConfirmed();
        keys.put("new", key(2));
        current.set("new");
        ann.append(paint("2", "after")).awaitConfirmed();
        assertEquals(
                List.of("old", "new"),
                running.recorded().stream()
                        .map(event -> event.event().encryption().kid())
                        .toList());
        Celeriant ben = running.client(of -> of.codec(codec));
        AggregateView view = ben.open(BOARD);
        until(() -> view.registers().size() == 2);
        assertEquals("\"before\"", view.register("1").text());
        assertEquals("\"after\"", view.register("2").text());
    }

    @Test
    @DisplayName("a forgotten key makes its data unreadable everywhere, and the client goes on")
    void shreds() throws Exception {
        keys.put("new", key(2));
        Celeriant ann = running.client(of -> of.codec(codec));
        AggregateView view = ann.open(BOARD);
        Projected<String> all = view.project(new Texts());
        ann.append(paint("1", "gone")).awaitConfirmed();
        current.set("new");
        ann.append(paint("2", "stays")).awaitConfirmed();
        until(() -> all.version() == 2 && all.value().equals("\"gone\"\"stays\""));
        ann.goOffline();
        current.set("old");
        ann.append(paint("3", "sent all the same")).awaitLocal();
        keys.remove("old");
        ann.keysChanged();
        until(() -> view.register("1").unreadable() != null);
        assertEquals("no key old", view.register("1").unreadable());
        assertEquals("\"stays\"", view.register("2").text());
        until(() -> all.value().equals("\"stays\""));
        assertEquals(Map.of(1L, "no key old"), view.quarantined());
        ann.goOnline();
        ann.awaitSettled(SOON);
        assertEquals(3, running.recorded().size());
    }

    @Test
    @DisplayName("an append that cannot be sealed is refused, and nothing of it is kept")
    void cannotSeal() throws Exception {
        Celeriant ann = running.client(of -> of.codec(codec));
        current.set("none");
        assertThrows(IllegalStateException.class, () -> ann.append(paint("1", "a")));
        assertEquals(0, ann.status().pending());
        current.set("old");
        assertEquals(1, ann.append(paint("1", "b")).awaitLocal().sequence());
    }

    @Test
    @DisplayName("what clears a register is not sealed, nor what the codec leaves readable")
    void readable() throws Exception {
        Codec some = A256Gcm.with(keys::get, event -> event.key() == null ? null : "old");
        Celeriant ann = running.client(of -> of.codec(some));
        AggregateId notes = new AggregateId("notes", "n");
        ann.append(celeriant.model.Event.of(notes, "t", RunningGateway.json("1")))
                .awaitConfirmed();
        ann.append(celeriant.model.Event.keyed(BOARD, "t", "1", RunningGateway.json("null")))
                .awaitConfirmed();
        ann.append(paint("1", "x")).awaitConfirmed();
        assertEquals("1", text(running.recorded().get(0).event().data()));
        assertEquals("null", text(running.recorded().get(1).event().data()));
        assertNotNull(running.recorded().get(2).event().encryption());
    }

    static SecretKey key(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return new SecretKeySpec(bytes, "AES");
    }

    private static final class Texts implements LiveProjection<String> {
        @Override
        public String initial() {
            return "";
        }

        @Override
        public String apply(String state, SeenEvent event) {
            return state + text(event.event().data());
        }
    }
}
