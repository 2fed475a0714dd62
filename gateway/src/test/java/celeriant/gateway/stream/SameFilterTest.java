package celeriant.gateway.stream;

import static celeriant.gateway.stream.FeedWorld.BOARD;
import static celeriant.gateway.stream.FeedWorld.OTHER;
import static celeriant.gateway.stream.FeedWorld.on;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.model.AggregateId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is made for one subscriber goes to all that ask for the same, and to no other. */
class SameFilterTest {
    private final FeedWorld world = new FeedWorld(1 << 20);
    private final LoopFeed part = world.part();

    private SameFilter join(AggregateId aggregate) {
        return world.new Taker(on(aggregate)).same;
    }

    @Test
    void equalFiltersShareAFrame() {
        SameFilter one = join(BOARD);
        SameFilter other = join(BOARD);
        world.append(BOARD);
        part.after(0, one);
        Chunk chunk = part.after(0, other);
        assertSame(chunk.frame(), part.after(0, one).frame());
        world.append(BOARD);
        assertEquals(2, part.after(1, one).last());
        assertNotSame(chunk.frame(), part.after(1, other).frame());
    }

    @Test
    void otherFiltersHaveTheirOwn() {
        SameFilter one = join(BOARD);
        join(BOARD);
        world.append(BOARD);
        part.after(0, one);
        assertNull(part.after(0, join(OTHER)).frame());
    }

    /** Memory that readers share is given back later than what is one reader's alone. */
    @Test
    void aFrameIsInSharedMemoryOnceASecondOneTakesIt() {
        SameFilter one = join(BOARD);
        join(BOARD);
        world.append(BOARD);
        assertFalse(part.after(0, one).frame().isShared());
        assertTrue(part.after(0, one).frame().isShared());
    }

    @Test
    void nothingIsKeptForOneAlone() {
        SameFilter one = join(BOARD);
        world.append(BOARD);
        assertNotSame(part.after(0, one), part.after(0, one));
    }

    @Test
    void whoComesAfterTheLastHasLeftBeginsAnew() {
        FeedWorld.Taker only = world.new Taker(on(BOARD));
        only.leaveLive();
        part.leave(only, only.same);
        assertNotSame(only.same, join(BOARD));
    }

    @Test
    void aFrameIsOneMessageOfTheStream() {
        world.append(BOARD);
        String text = new String(part.after(0, join(BOARD)).frame().bytes(), StandardCharsets.UTF_8);
        assertEquals("id: 1\ndata: [{", text.substring(0, 14));
        assertEquals("}]\n\n", text.substring(text.length() - 4));
    }

    /** Who is behind by another event than the others is given a piece of its own once, and theirs from then on. */
    @Test
    void thoseWhoAreBehindMeetAtTheEndOfABlock() {
        SameFilter same = join(BOARD);
        join(BOARD);
        for (int i = 0; i < 500; i++) {
            world.append(BOARD);
        }
        Chunk first = part.after(0, same);
        Chunk second = part.after(first.last(), same);
        for (long from = 1; from < 100; from++) {
            assertEquals(0, part.after(from, same).last() % first.last());
        }
        assertSame(
                second.frame().bytes(), part.after(first.last(), same).frame().bytes());
        assertTrue(part.after(first.last(), same).frame().isShared());
    }

    @Test
    void whatIsNoBlockIsMadeAnewOnceMoreIsThere() {
        FeedWorld.Taker live = world.new Taker(on(BOARD));
        FeedWorld.Taker behind = world.new Taker(on(BOARD));
        behind.leaveLive();
        for (long end = 1; end < 4; end++) {
            world.append(BOARD);
            world.run();
            assertEquals(end, part.after(0, live.same).last());
        }
    }

    @Test
    void piecesAreKeptWhileSomebodyIsBehindAndOnlySoMany() {
        FeedWorld.Taker live = world.new Taker(on(BOARD));
        FeedWorld.Taker behind = world.new Taker(on(BOARD));
        behind.leaveLive();
        for (int i = 0; i < 500; i++) {
            world.append(BOARD);
        }
        world.run();
        for (long from = 0; from < 499; from++) {
            part.after(from, live.same);
        }
        assertEquals(Pieces.COUNT_MAX, live.same.piecesKept());
        behind.goLive();
        assertEquals(0, live.same.piecesKept());
    }
}
