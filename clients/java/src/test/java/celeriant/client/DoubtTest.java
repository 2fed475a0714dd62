package celeriant.client;

import static celeriant.client.RunningGateway.paint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.Draft;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.buffer.PendingAppend;
import celeriant.wire.DeviceKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An append whose store broke as it was stored, and could not be asked, is there once")
class DoubtTest {
    private final FullBuffer buffer = new FullBuffer(new MemoryBuffer());
    private final Outbox outbox;
    private AppendHandle doubted;

    DoubtTest() {
        Object memory = new Object();
        buffer.open(DoubtTest::key);
        Overlay overlay = new Overlay();
        outbox = ClientParts.outbox(memory, buffer, overlay, ClientParts.aggregates(memory, buffer, overlay));
    }

    @BeforeEach
    void breakBehindTheCommit() {
        buffer.isGone = true;
        buffer.breaksBehind = true;
        doubted = outbox.append(List.of(paint("k", "red")), null);
        outbox.save();
        assertTrue(outbox.isDoubted());
        buffer.isGone = false;
    }

    @Test
    @DisplayName("though others' appends are taken in before it is asked for, which are sent then")
    void takenIn() {
        UUID service = new UUID(0, 1);
        buffer.append(List.of(new Draft(service, List.of(paint("k", "blue")), 0, null)));
        outbox.takeInStored();
        outbox.save();
        assertEquals(List.of(doubted.id(), service), ids(buffer.contents().pending()));
        assertEquals(List.of(doubted.id(), service), ids(outbox.batch(10).appends()));
        assertTrue(doubted.local().toCompletableFuture().isDone());
    }

    @Test
    @DisplayName("though all is numbered again before it is asked for, and is not sent before")
    void restamped() {
        outbox.restamp(key());
        assertFalse(outbox.hasPending());
        outbox.save();
        assertEquals(List.of(doubted.id()), ids(buffer.contents().pending()));
        assertTrue(outbox.hasPending());
        assertEquals(1, doubted.local().toCompletableFuture().join().sequence());
    }

    private static List<UUID> ids(List<PendingAppend> appends) {
        return appends.stream().map(PendingAppend::id).toList();
    }

    private static DeviceKey key() {
        return DeviceKey.generate(new SecureRandom());
    }
}
