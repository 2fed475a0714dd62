package celeriant.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import celeriant.gateway.http.Loop;
import celeriant.gateway.read.EventFilter;
import celeriant.log.LogHead;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is made for one subscriber goes to all that ask for the same, and to no other. */
class SameFilterTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    private static final AggregateId OTHER = new AggregateId("canvas", "board-2");

    private final Loop loop = new Loop(new EmbeddedChannel().eventLoop(), 0);
    private final Feed feed = new Feed(List.of(loop), 1 << 20);

    private static EventFilter on(AggregateId aggregate) {
        return new EventFilter(Set.of(aggregate), Set.of(), Set.of());
    }

    private void append(long position, AggregateId aggregate) {
        UUID id = new UUID(0, position);
        Event event = Event.of(aggregate, "drawn", EventData.json(new byte[] {'1'}));
        RecordedEvent recorded =
                new RecordedEvent(event.withId(id), position, position, new ClientId("svc.a"), id, position, 1L);
        feed.appended(List.of(recorded), new LogHead(position, "log", "hash"));
    }

    @Test
    void equalFiltersShareAFrame() {
        SameFilter one = feed.join(loop, on(BOARD));
        SameFilter other = feed.join(loop, on(BOARD));
        append(1, BOARD);
        Feed.Chunk chunk = feed.after(0, one);
        assertSame(chunk.frame(), feed.after(0, other).frame());
        append(2, BOARD);
        assertEquals(2, feed.after(1, one).last());
        assertNotSame(chunk.frame(), feed.after(1, other).frame());
    }

    @Test
    void otherFiltersHaveTheirOwn() {
        SameFilter one = feed.join(loop, on(BOARD));
        feed.join(loop, on(BOARD));
        append(1, BOARD);
        feed.after(0, one);
        assertEquals(null, feed.after(0, feed.join(loop, on(OTHER))).frame());
    }

    @Test
    void nothingIsKeptForOneAlone() {
        SameFilter one = feed.join(loop, on(BOARD));
        append(1, BOARD);
        assertNotSame(feed.after(0, one), feed.after(0, one));
    }

    @Test
    void whoComesAfterTheLastHasLeftBeginsAnew() {
        SameFilter one = feed.join(loop, on(BOARD));
        feed.leave(loop, one);
        assertNotSame(one, feed.join(loop, on(BOARD)));
    }

    @Test
    void aFrameIsOneMessageOfTheStream() {
        append(1, BOARD);
        String text =
                new String(feed.after(0, feed.join(loop, on(BOARD))).frame().bytes(), StandardCharsets.UTF_8);
        assertEquals("id: 1\ndata: [{", text.substring(0, 14));
        assertEquals("}]\n\n", text.substring(text.length() - 4));
    }
}
