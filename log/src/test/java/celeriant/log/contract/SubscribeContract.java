package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.log.LogHealth;
import celeriant.log.MergedRead;
import celeriant.log.Subscription;
import celeriant.model.RecordedEvent;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Following the merged log: catch-up, then live, without a gap, a repeat or a reorder. */
public interface SubscribeContract extends ContractTests {
    Duration LONG = Duration.ofSeconds(120);
    Duration AT_ONCE = Duration.ZERO;

    private static List<Long> positionsOf(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::position).toList();
    }

    private static List<Long> take(Subscription subscription, int count) throws InterruptedException {
        List<Long> taken = new ArrayList<>();
        while (taken.size() < count) {
            List<RecordedEvent> next = subscription.next(LONG);
            assertFalse(next.isEmpty(), "nothing came within " + LONG);
            taken.addAll(positionsOf(next));
        }
        return taken;
    }

    @Test
    default void aWaitMayBeLongerThanAnyTime() throws Exception {
        try (Subscription subscription = log().subscribe(ORG, MergedRead.after(0))) {
            fixture().appended(ANA, online(1, fact(BOARD, "a")));
            assertEquals(List.of(1L), positionsOf(subscription.next(ChronoUnit.FOREVER.getDuration())));
        }
    }

    @Test
    default void aSubscriptionCatchesUpAndThenIsLive() throws Exception {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b")));
        fixture().appended(ANA, online(2, fact(BOARD, "c")));
        try (Subscription subscription = log().subscribe(ORG, MergedRead.after(0))) {
            assertEquals(List.of(1L, 2L, 3L), take(subscription, 3));
            assertEquals(List.of(), subscription.next(AT_ONCE));
            fixture().appended(ANA, online(3, fact(BOARD, "d")));
            assertEquals(List.of(4L), take(subscription, 1));
            assertEquals(4, subscription.position());
        }
    }

    @Test
    default void aWaitingSubscriptionIsWokenByAnAppend() throws Exception {
        try (Subscription subscription = log().subscribe(ORG, MergedRead.after(0))) {
            CountDownLatch started = new CountDownLatch(1);
            CompletableFuture<List<RecordedEvent>> waiting = CompletableFuture.supplyAsync(() -> {
                started.countDown();
                return nextOf(subscription);
            });
            started.await();
            fixture().appended(ANA, online(1, fact(BOARD, "a")));
            assertEquals(List.of(1L), positionsOf(LogFixture.await(waiting)));
        }
    }

    private static List<RecordedEvent> nextOf(Subscription subscription) {
        try {
            return subscription.next(LONG);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a pull gives that is ended by a close, which may also come before it. */
    private static List<RecordedEvent> lastOf(Subscription subscription) {
        try {
            return subscription.next(LONG);
        } catch (IllegalStateException e) {
            return List.of();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    default void closingASubscriptionEndsItsWait() throws Exception {
        Subscription subscription = log().subscribe(ORG, MergedRead.after(0));
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<List<RecordedEvent>> waiting = CompletableFuture.supplyAsync(() -> {
            started.countDown();
            return lastOf(subscription);
        });
        started.await();
        subscription.close();
        assertEquals(List.of(), LogFixture.await(waiting.orTimeout(60, TimeUnit.SECONDS)));
    }

    /** An empty answer at once, again and again, would have who pulls in a loop spin in it. */
    @Test
    default void nothingIsPulledOfWhatIsClosed() throws Exception {
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        Subscription closed = log().subscribe(ORG, MergedRead.after(0));
        Subscription ofClosedLog = log().subscribe(ORG, MergedRead.after(0));
        assertEquals(List.of(1L), positionsOf(closed.next(AT_ONCE)));
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.next(LONG));
        assertEquals(1, closed.position());
        log().close();
        assertThrows(IllegalStateException.class, () -> ofClosedLog.next(LONG));
    }

    @Test
    default void theEndOfTheLogEndsAWait() throws Exception {
        Subscription subscription = log().subscribe(ORG, MergedRead.after(0));
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<List<RecordedEvent>> waiting = CompletableFuture.supplyAsync(() -> {
            started.countDown();
            return lastOf(subscription);
        });
        started.await();
        log().close();
        assertEquals(List.of(), LogFixture.await(waiting.orTimeout(60, TimeUnit.SECONDS)));
    }

    @Test
    default void aSubscriptionResumesFromAPosition() throws Exception {
        for (int i = 1; i <= 5; i++) {
            fixture().appended(ANA, online(i, fact(BOARD, "a")));
        }
        try (Subscription subscription = log().subscribe(ORG, MergedRead.after(3))) {
            assertEquals(List.of(4L, 5L), take(subscription, 2));
        }
    }

    @Test
    default void aFilteredSubscriptionMovesOnPastWhatItIsNotShown() throws Exception {
        MergedRead onlyPlot = new MergedRead(0, Long.MAX_VALUE, 10, 1 << 20, Set.of(PLOT), Set.of(), Set.of());
        try (Subscription subscription = log().subscribe(ORG, onlyPlot)) {
            fixture().appended(ANA, online(1, fact(BOARD, "a")));
            fixture().appended(ANA, online(2, fact(PLOT, "a"), fact(BOARD, "b")));
            fixture().appended(ANA, online(3, fact(BOARD, "a")));
            assertEquals(List.of(2L), take(subscription, 1));
            assertEquals(List.of(), subscription.next(AT_ONCE));
            assertEquals(4, subscription.position());
        }
    }

    @Test
    default void aPullIsBoundedByTheReadsLimit() throws Exception {
        for (int i = 1; i <= 5; i++) {
            fixture().appended(ANA, online(i, fact(BOARD, "a")));
        }
        MergedRead byTwo = new MergedRead(0, Long.MAX_VALUE, 2, 1 << 20, Set.of(), Set.of(), Set.of());
        try (Subscription subscription = log().subscribe(ORG, byTwo)) {
            assertEquals(List.of(1L, 2L), positionsOf(subscription.next(LONG)));
            assertEquals(2, subscription.position());
            assertEquals(List.of(3L, 4L), positionsOf(subscription.next(LONG)));
            assertEquals(List.of(5L), positionsOf(subscription.next(LONG)));
        }
    }

    @Test
    default void subscriptionsHearOfTheirOwnOrgAlone() throws Exception {
        try (Subscription subscription = log().subscribe("globex", MergedRead.after(0))) {
            fixture().appended(ANA, online(1, fact(BOARD, "a")));
            assertEquals(List.of(), subscription.next(AT_ONCE));
            assertEquals(0, subscription.position());
        }
    }

    /** What a tail was told, in order; whatever thread tells it. */
    final class Told implements EventLog.Tail {
        private final List<Long> positions = new ArrayList<>();
        private LogHead lastHead;

        @Override
        public synchronized void appended(String org, List<RecordedEvent> events, LogHead head) {
            assertEquals(
                    events.get(events.size() - 1).position(), head.position(), "the head is that of the last event");
            positions.addAll(positionsOf(events));
            lastHead = head;
        }

        synchronized List<Long> positions() {
            return List.copyOf(positions);
        }

        synchronized LogHead lastHead() {
            return lastHead;
        }
    }

    @Test
    default void aTailHearsOfEveryAppendBeforeItsAnswer() {
        Told told = new Told();
        EventLog.Registration registration = log().follow(told);
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(PLOT, "b")));
        assertEquals(List.of(1L, 2L), told.positions());
        fixture().results(request(ANA, online(2, fact(BOARD, "c")), online(3, fact(BOARD, "d"))));
        fixture().deleted(PLOT, true);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), told.positions());
        assertEquals(log().head(ORG), told.lastHead());
        registration.close();
        fixture().appended(ANA, online(4, fact(BOARD, "e")));
        assertEquals(5, told.positions().size());
    }

    /** As when an application's own code runs out of stack, or misses a class. */
    @Test
    default void aTailThatFailsIsItsOwnMatterAlone() {
        log().follow((org, events, head) -> {
            throw new StackOverflowError("as in a tail of the application");
        });
        log().follow((org, events, head) -> {
            throw new IllegalStateException("as in another one");
        });
        Told told = new Told();
        log().follow(told);
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        fixture().appended(ANA, online(2, fact(BOARD, "b")));
        assertEquals(List.of(1L, 2L), told.positions());
        assertEquals(LogHealth.GOOD, log().health());
    }

    @Test
    default void whatATailHearsOfCanBeRead() {
        List<Long> readInTail = new ArrayList<>();
        log().follow((org, events, head) -> readInTail.add(log().head(org).position()));
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        assertEquals(List.of(1L), readInTail);
    }
}
