package celeriant.gateway.stream;

import static celeriant.gateway.stream.FeedWorld.BOARD;
import static celeriant.gateway.stream.FeedWorld.OTHER;
import static celeriant.gateway.stream.FeedWorld.on;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.access.AccessNames;
import celeriant.gateway.read.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is told of an append: those who asked for it and take more, and nobody else. */
class LoopFeedTest {
    private static final EventFilter EVERYTHING = new EventFilter(Set.of(), Set.of(), Set.of());

    private FeedWorld world = new FeedWorld(1 << 20);

    @Test
    void onlyThoseWhoAskedForItAreTold() {
        FeedWorld.Taker asked = world.new Taker(on(BOARD));
        FeedWorld.Taker byType = world.new Taker(new EventFilter(Set.of(), Set.of("canvas"), Set.of()));
        FeedWorld.Taker all = world.new Taker(EVERYTHING);
        FeedWorld.Taker notAsked = world.new Taker(on(OTHER));
        FeedWorld.Taker otherEvents = world.new Taker(new EventFilter(Set.of(BOARD), Set.of(), Set.of("moved")));
        world.append(BOARD);
        world.run();
        assertEquals(List.of(1, 1, 1), List.of(asked.told, byType.told, all.told));
        assertEquals(List.of(0, 0), List.of(notAsked.told, otherEvents.told));
    }

    @Test
    void whatPassedThemByIsNoGapForThem() {
        FeedWorld.Taker other = world.new Taker(on(OTHER));
        FeedWorld.Taker board = world.new Taker(on(BOARD));
        for (int i = 0; i < 3; i++) {
            world.append(BOARD);
            world.run();
        }
        world.append(OTHER);
        world.run();
        assertEquals(List.of(4L), other.had);
        assertEquals(List.of(1L, 2L, 3L), board.had);
        assertEquals(4, world.part().position());
    }

    @Test
    void manyAreToldInTurnWithOtherLoopsAndThenOfAllThatCameMeanwhile() {
        List<FeedWorld.Taker> takers = new ArrayList<>();
        for (int i = 0; i <= LoopFeed.MEMBERS_OUT_OF_TURN; i++) {
            takers.add(world.new Taker(EVERYTHING));
        }
        world.feed.turns().take(world.loop, () -> {});
        for (int i = 0; i < 3; i++) {
            world.append(BOARD);
            world.run();
        }
        assertEquals(0, takers.stream().mapToInt(taker -> taker.told).sum());
        world.feed.turns().giveBack();
        world.run();
        for (FeedWorld.Taker taker : takers) {
            assertEquals(List.of(1L, 2L, 3L), taker.had);
            assertEquals(1, taker.told);
        }
        boolean[] isFree = {false};
        world.feed.turns().take(world.loop, () -> isFree[0] = true);
        assertTrue(isFree[0], "the round gave its turn back");
    }

    @Test
    void fewAreToldOutOfTurn() {
        FeedWorld.Taker one = world.new Taker(EVERYTHING);
        world.feed.turns().take(world.loop, () -> {});
        world.append(BOARD);
        world.run();
        assertEquals(List.of(1L), one.had);
    }

    @Test
    void whoWaitsForATurnMayLeaveMeanwhile() {
        List<FeedWorld.Taker> takers = new ArrayList<>();
        for (int i = 0; i <= LoopFeed.MEMBERS_OUT_OF_TURN; i++) {
            takers.add(world.new Taker(EVERYTHING));
        }
        world.feed.turns().take(world.loop, () -> {});
        world.append(BOARD);
        world.run();
        takers.forEach(FeedWorld.Taker::leaveLive);
        world.feed.turns().giveBack();
        world.run();
        FeedWorld.Taker last = takers.getLast();
        assertEquals(0, last.told);
        last.position = world.head();
        last.goLive();
        world.append(BOARD);
        world.run();
        assertEquals(List.of(2L), last.had);
    }

    @Test
    void aRoundThatFailsKeepsNoOtherLoopWaiting() {
        List<FeedWorld.Taker> takers = new ArrayList<>();
        for (int i = 0; i <= LoopFeed.MEMBERS_OUT_OF_TURN; i++) {
            takers.add(world.new Taker(EVERYTHING));
        }
        // Told last, for a round goes downwards: behind the first slice.
        takers.getFirst().whenTold = () -> {
            throw new OutOfMemoryError("simulated");
        };
        world.append(BOARD);
        world.run();
        assertEquals(1, takers.getLast().told);
        boolean[] isFree = {false};
        world.feed.turns().take(world.loop, () -> isFree[0] = true);
        assertTrue(isFree[0]);
    }

    @Test
    void accessBesideWhatTheyAskedForConcernsThem() {
        FeedWorld.Taker asked = world.new Taker(on(BOARD));
        FeedWorld.Taker notAsked = world.new Taker(on(OTHER));
        world.append(AccessNames.of(BOARD));
        world.run();
        assertEquals(1, asked.told);
        assertEquals(0, notAsked.told);
    }

    @Test
    void whoTakesNoMoreCostsNothingUntilItIsBack() {
        FeedWorld.Taker full = world.new Taker(on(BOARD));
        world.append(BOARD);
        world.run();
        full.leaveLive();
        world.append(BOARD);
        world.run();
        assertEquals(1, full.told);
        full.position = world.head();
        full.goLive();
        world.append(BOARD);
        world.run();
        assertEquals(List.of(1L, 3L), full.had);
    }

    @Test
    void whoeverLeavesWhileTheyAreToldTheOthersMissNothing() {
        List<FeedWorld.Taker> takers = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            FeedWorld.Taker taker = world.new Taker(on(BOARD));
            int number = i;
            taker.whenTold = () -> {
                FeedWorld.Taker neighbour = takers.get(number * 31 % 700);
                if (number % 3 == 0 && neighbour.isLive()) {
                    neighbour.leaveLive();
                }
            };
            takers.add(taker);
        }
        world.append(BOARD);
        world.run();
        for (FeedWorld.Taker taker : takers) {
            assertEquals(taker.isLive() ? List.of(1L) : taker.had, taker.had);
        }
        takers.forEach(taker -> taker.whenTold = () -> {});
        world.append(BOARD);
        world.run();
        for (FeedWorld.Taker taker : takers) {
            assertEquals(taker.isLive() ? List.of(1L, 2L) : taker.had, taker.had);
        }
    }

    @Test
    void whatTheRingHasLostEverybodyLooksForItself() {
        world = new FeedWorld(1);
        FeedWorld.Taker taker = world.new Taker(on(BOARD));
        world.append(BOARD);
        world.append(BOARD);
        world.run();
        assertEquals(1, taker.lookedForItself);
        world.append(BOARD);
        world.run();
        assertEquals(List.of(3L), taker.had);
    }

    /** As when memory runs out: the log goes on, and nobody may miss what could not be taken down. */
    @Test
    void whatCouldNotBeTakenDownEverybodyLooksForItself() {
        FeedWorld.Taker taker = world.new Taker(on(BOARD));
        world.append(BOARD);
        world.run();
        assertThrows(OutOfMemoryError.class, world::appendWithoutRoom);
        world.run();
        assertEquals(1, taker.lookedForItself);
        assertEquals(2, taker.position);
        world.append(BOARD);
        world.run();
        assertEquals(List.of(1L, 3L), taker.had);
        assertNull(world.part().after(1, taker.same), "what follows is handed out with a gap");
    }

    @Test
    void whenMembersChangeEverybodyLooksForItself() {
        FeedWorld.Taker taker = world.new Taker(on(BOARD));
        world.append(AccessNames.MEMBERS);
        world.run();
        assertEquals(1, taker.lookedForItself);
    }

    @Test
    void whoHasLeftIsForgotten() {
        FeedWorld.Taker taker = world.new Taker(on(BOARD));
        taker.leaveLive();
        world.part().leave(taker, taker.same);
        world.append(BOARD);
        world.run();
        assertEquals(0, taker.told);
    }

    /** Else it would be told apart from the others for as long as the log grows. */
    @Test
    void whoCatchesUpMeanwhileMeetsTheOthersWhereTheyWillBe() {
        List<Long> settled = new ArrayList<>();
        List<Long> caughtUpTo = new ArrayList<>();
        FeedWorld.Taker taker = world.new Taker(on(BOARD));
        taker.whenTold = () -> {
            world.append(BOARD);
            settled.add(world.part().settled());
            caughtUpTo.add(world.part().after(0, taker.same).last());
            taker.whenTold = () -> {};
        };
        world.append(BOARD);
        world.run();
        assertEquals(List.of(1L), settled);
        assertEquals(List.of(1L), caughtUpTo);
        assertEquals(List.of(1L, 2L), taker.had);
        assertEquals(2, world.part().settled());
    }
}
