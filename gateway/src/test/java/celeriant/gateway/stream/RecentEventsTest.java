package celeriant.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.log.LogHead;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The ring gives what follows a position, no more and no less, wherever the position lies. */
class RecentEventsTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    private static final int PLENTY = 1 << 20;

    private long recorded;

    /** {@code count} appends of one event each. */
    private List<RecordedEvent> appends(int count) {
        List<RecordedEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            recorded++;
            Event event = Event.of(BOARD, "drawn", EventData.json(new byte[] {'1'}));
            UUID id = new UUID(0, recorded);
            events.add(new RecordedEvent(
                    event.withId(id), recorded, recorded, new ClientId("svc.a"), id, recorded, 1_700_000_000_000L));
        }
        return events;
    }

    private RecentEvents ring(long bytesMax, int... groups) {
        RecentEvents ring = new RecentEvents(bytesMax);
        for (int count : groups) {
            ring.add(appends(count), new LogHead(recorded, "log", "hash"));
        }
        return ring;
    }

    private static List<Long> positions(RecentEvents ring, long after) {
        return ring.after(after, PLENTY).stream()
                .flatMap(group -> group.events().stream())
                .map(RecordedEvent::position)
                .toList();
    }

    @Test
    void a_position_inside_of_a_group_gets_what_is_behind_it_alone() {
        RecentEvents ring = ring(PLENTY, 3, 3);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), positions(ring, 0));
        assertEquals(List.of(3L, 4L, 5L, 6L), positions(ring, 2));
        assertEquals(List.of(4L, 5L, 6L), positions(ring, 3));
        assertEquals(List.of(6L), positions(ring, 5));
        assertEquals(List.of(), positions(ring, 6));
    }

    @Test
    void what_fell_out_is_not_given_in_part() {
        RecentEvents ring = ring(1, 2, 2);
        assertEquals(List.of(), positions(ring, 1));
        assertEquals(List.of(3L, 4L), positions(ring, 2));
    }

    @Test
    void what_is_cut_ends_where_a_block_ends_wherever_it_begins() {
        RecentEvents ring = new RecentEvents(PLENTY);
        for (int i = 0; i < 500; i++) {
            ring.add(appends(1), new LogHead(recorded, "log", "hash"));
        }
        long block = ring.after(0, Feed.CHUNK_BYTES).getLast().last();
        for (long from = 0; from < 300; from++) {
            long end = ring.after(from, Feed.CHUNK_BYTES).getLast().last();
            assertEquals(0, end % block, "from " + from);
        }
        assertEquals(500, ring.after(490, Feed.CHUNK_BYTES).getLast().last());
    }
}
