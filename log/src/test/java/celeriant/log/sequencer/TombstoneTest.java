package celeriant.log.sequencer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TombstoneTest {
    private static final AggregateId BOARD = AggregateId.parse("canvas/board");

    private static RecordedEvent recorded(Event event, long version) {
        return new RecordedEvent(
                event.withId(new UUID(1, version)), version, version, new ClientId("ana"), new UUID(2, 2), 0, version);
    }

    @Test
    void aTombstoneReadsBackAsItWasWritten() {
        for (Tombstone tombstone : List.of(
                new Tombstone.Trimmed(1, true),
                new Tombstone.Trimmed(9_007_199_254_740_991L, false),
                new Tombstone.Deleted(true),
                new Tombstone.Deleted(false))) {
            assertEquals(tombstone, Tombstone.of(tombstone.on(BOARD)));
        }
    }

    @Test
    void otherEventsAreNoTombstones() {
        assertNull(Tombstone.of(Event.of(BOARD, "deleted", EventData.json(new byte[] {'1'}))));
        assertFalse(Tombstone.isTombstone("$granted"));
        assertTrue(Tombstone.isTombstone("$deleted"));
    }

    @Test
    void aHeadTakesTheNextVersionAndNoOther() {
        Event noted = Event.of(BOARD, "noted", EventData.json(new byte[] {'1'}));
        AggregateHead one = AggregateHead.ABSENT.after(recorded(noted, 1));
        assertEquals(new AggregateHead(1, true, true, 1, 1, 1, 0, 1), one);
        assertThrows(IllegalArgumentException.class, () -> one.after(recorded(noted, 1)));
        assertThrows(IllegalArgumentException.class, () -> one.after(recorded(noted, 3)));
    }

    @Test
    void aHeadKnowsWhetherItIsTrimmed() {
        Event noted = Event.of(BOARD, "noted", EventData.json(new byte[] {'1'}));
        AggregateHead two = AggregateHead.ABSENT.after(recorded(noted, 1)).after(recorded(noted, 2));
        assertFalse(two.isTrimmed());
        AggregateHead trimmed = two.after(recorded(new Tombstone.Trimmed(3, true).on(BOARD), 3));
        assertTrue(trimmed.isTrimmed());
        assertEquals(1, trimmed.count());
        AggregateHead again = trimmed.after(recorded(new Tombstone.Deleted(true).on(BOARD), 4))
                .after(recorded(noted, 5));
        assertFalse(again.isTrimmed());
        assertEquals(1, again.count());
    }
}
