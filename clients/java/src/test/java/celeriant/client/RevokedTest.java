package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import celeriant.client.buffer.Cursor;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import celeriant.wire.DeviceKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An aggregate that was revoked is read again")
class RevokedTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");

    private final MemoryBuffer buffer = new MemoryBuffer();
    private OpenAggregates all;
    private OpenAggregate open;

    @BeforeEach
    void revoke() {
        all = new OpenAggregates(
                new Object(),
                buffer,
                buffer.open(() -> DeviceKey.generate(new SecureRandom())),
                new Overlay(),
                () -> "me",
                Runnable::run,
                Reading.AS_IT_IS,
                (name, version, reason) -> {
                    throw new AssertionError(reason);
                });
        open = all.open(BOARD);
        all.agree(Cursor.at(5));
        all.follow(Set.of(BOARD));
        all.forget(BOARD, 6);
        assertEquals(List.of(), all.toRead());
    }

    @Test
    @DisplayName("when it shows, though nobody said granted: the log was put back to before")
    void shows() {
        Event event = Event.of(BOARD, "t", EventData.json("1"));
        UUID id = new UUID(0, 1);
        all.advance(List.of(new RecordedEvent(event.withId(id), 1, 7, new ClientId("other"), id, 1, 0)), 7);
        assertFalse(open.isRevoked());
        assertEquals(List.of(open), all.toRead());
    }

    @Test
    @DisplayName("under another identity, as are all others, also after a crash")
    void identity() {
        all.identityChanges();
        assertFalse(open.isRevoked());
        assertEquals(List.of(open), all.toRead());
        assertEquals(Set.of(), buffer.contents().follows());
    }
}
