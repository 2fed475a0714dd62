package celeriant.log.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.Admission;
import celeriant.log.AggregateSummary;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.EventLog;
import celeriant.log.MergedRead;
import celeriant.log.SnapshotRequest;
import celeriant.log.contract.TestClock;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.log.sequencer.IdSource;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import celeriant.model.RecordedEvent;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final String ORG = "acme";
    private static final ClientId ANA = new ClientId("ana");
    private static final AggregateId BOARD = AggregateId.parse("canvas/board");

    private final TestClock clock = new TestClock();
    private final IdSource ids = new IdSource(new SplittableRandom(3));
    private final EventLog log = new InMemoryEventLog(Admission.OPEN, clock, ids);

    private void append(AggregateId aggregate, String key, int count) {
        EventData data = EventData.json(new byte[] {'1'});
        for (int i = 0; i < count; i++) {
            Event event = new Event(null, aggregate, "set", null, key, data, null, null);
            Append append = Append.online(ids.get(), List.of(event), Map.of());
            log.append(new AppendRequest(ORG, ANA, null, List.of(append), Caller.EMBEDDER));
        }
    }

    private long sweep(RetentionRule... rules) {
        return new Retention(log, List.of(rules), clock).sweep();
    }

    private AggregateSummary board() {
        return log.aggregate(ORG, BOARD).orElseThrow();
    }

    private static RetentionRule byCount(long eventsMax) {
        return new RetentionRule("canvas", null, eventsMax, false);
    }

    private static RetentionRule byAge(Duration ageMax) {
        return new RetentionRule("canvas", ageMax, 0, false);
    }

    @Test
    void whatIsOverTheCountIsTrimmed() {
        append(BOARD, "x", 50);
        assertEquals(1, sweep(byCount(20)));
        assertEquals(31, board().firstVersion());
        assertEquals(51, board().version());
        assertEquals(1, log.state(ORG, BOARD).orElseThrow().registers().size());
    }

    @Test
    void aTrimsOwnEventIsNoReasonForTheNextTrim() {
        append(BOARD, "x", 50);
        sweep(byCount(20));
        for (long eventsMax : new long[] {20, 21, 100}) {
            assertEquals(0, sweep(byCount(eventsMax)));
        }
        append(BOARD, "x", 1);
        assertEquals(0, sweep(byCount(20)), "a tenth more may gather");
        append(BOARD, "x", 2);
        assertEquals(1, sweep(byCount(20)));
    }

    @Test
    void aRuleOfOneEventComesToRest() {
        append(BOARD, "x", 5);
        assertEquals(1, sweep(byCount(1)));
        assertEquals(0, sweep(byCount(1)));
    }

    @Test
    void whatIsTooOldIsTrimmedAndWhatIsNotStays() {
        for (int day = 0; day < 10; day++) {
            append(BOARD, "x", day);
            clock.advance(Duration.ofDays(1));
        }
        assertEquals(45, board().version());
        assertEquals(1, sweep(byAge(Duration.ofDays(3))));
        long cutoff = clock.millis() - Duration.ofDays(3).toMillis();
        List<RecordedEvent> kept = log.readMerged(ORG, MergedRead.after(0)).events();
        assertTrue(kept.stream().allMatch(recorded -> recorded.recordedAtMillis() >= cutoff));
        assertEquals(7 + 8 + 9 + 1, kept.size());
        assertEquals(0, sweep(byAge(Duration.ofDays(3))));
    }

    @Test
    void whatIsYoungStaysThoughAClockThatWasBehindRecordedOldEventsBehindIt() {
        append(BOARD, "x", 3);
        clock.advance(Duration.ofDays(-30));
        append(BOARD, "x", 5);
        clock.advance(Duration.ofDays(30));
        append(BOARD, "x", 1);
        assertEquals(0, sweep(byAge(Duration.ofDays(3))));
        assertEquals(1, board().firstVersion());
    }

    @Test
    void anOldAggregateIsTrimmedOnceAndItsTombstoneLeftInPeace() {
        append(BOARD, "x", 3);
        for (int month = 0; month < 5; month++) {
            clock.advance(Duration.ofDays(30));
            assertEquals(month == 0 ? 1 : 0, sweep(byAge(Duration.ofDays(3))));
        }
        assertEquals(4, board().version());
        assertEquals(1, board().count());
    }

    @Test
    void keylessEventsStayUnlessTheRuleDropsThem() {
        append(BOARD, "x", 10);
        append(BOARD, null, 1);
        append(BOARD, "x", 10);
        assertEquals(1, sweep(byCount(5)));
        assertEquals(11, board().firstVersion(), "what is before the first of them goes");
        assertEquals(0, sweep(byCount(5)));
        assertEquals(1, sweep(new RetentionRule("canvas", null, 5, true)));
        assertEquals(18, board().firstVersion());
    }

    @Test
    void whatIsBeforeTheFirstKeylessEventBehindASnapshotGoes() {
        append(BOARD, null, 1);
        log.putSnapshot(new SnapshotRequest(
                ORG, BOARD, 1, "text/plain", new byte[1], false, new ExpectedVersion.Any(), Caller.EMBEDDER));
        append(BOARD, "x", 10);
        append(BOARD, null, 1);
        append(BOARD, "x", 10);
        assertEquals(1, sweep(byCount(5)));
        assertEquals(12, board().firstVersion());
    }

    @Test
    void anAgeThatIsLongerThanAllTimeDropsNothing() {
        append(BOARD, "x", 3);
        assertEquals(0, sweep(byAge(ChronoUnit.FOREVER.getDuration())));
    }

    @Test
    void whatASnapshotCoversGoes() {
        append(BOARD, null, 20);
        log.putSnapshot(new SnapshotRequest(
                ORG, BOARD, 12, "text/plain", new byte[1], false, new ExpectedVersion.Any(), Caller.EMBEDDER));
        assertEquals(1, sweep(byCount(5)));
        assertEquals(13, board().firstVersion());
        assertEquals(0, sweep(byCount(5)));
        assertTrue(log.snapshot(ORG, BOARD).isPresent());
    }

    @Test
    void otherTypesAndDeletedAggregatesAreLeftAlone() {
        AggregateId plot = AggregateId.parse("plot/p");
        append(plot, "x", 50);
        append(BOARD, "x", 50);
        log.delete(new DeleteRequest(ORG, ANA, null, BOARD, new ExpectedVersion.Any(), true, Caller.EMBEDDER));
        assertEquals(0, sweep(byCount(5), byAge(Duration.ofMillis(1))));
        assertEquals(1, log.aggregate(ORG, plot).orElseThrow().firstVersion());
    }

    @Test
    void everyPageOfTheListingIsSwept() {
        int aggregates = 1205;
        for (int i = 0; i < aggregates; i++) {
            append(AggregateId.parse("canvas/c" + i), "x", 4);
        }
        assertEquals(aggregates, sweep(byCount(2)));
    }

    @Test
    void tombstonesSayWhoTrimmed() {
        append(BOARD, "x", 50);
        sweep(byCount(20));
        List<RecordedEvent> events = log.readMerged(ORG, MergedRead.after(50)).events();
        assertEquals(Retention.CLIENT, events.get(0).client());
    }

    @Test
    void aRuleWithoutALimitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RetentionRule("canvas", null, 0, false));
        assertThrows(IllegalArgumentException.class, () -> new RetentionRule("canvas", null, -1, false));
        assertThrows(IllegalArgumentException.class, () -> byAge(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new RetentionRule("$access.canvas", null, 9, false));
    }

    @Test
    void anErrorInOneSweepIsNotTheEndOfAll() throws Exception {
        CountDownLatch sweeps = new CountDownLatch(2);
        append(BOARD, "x", 1);
        Retention failing = new Retention(log, List.of(byAge(Duration.ofDays(1))), () -> {
            sweeps.countDown();
            throw new OutOfMemoryError("simulated");
        });
        try (RetentionRunner runner = RetentionRunner.start(failing, Duration.ofMillis(1))) {
            assertTrue(sweeps.await(60, TimeUnit.SECONDS), "it swept once");
            assertNotNull(runner);
        }
    }

    @Test
    void theRunnerSweeps() throws Exception {
        CompletableFuture<Long> trimmedAt = new CompletableFuture<>();
        log.follow((org, events, head) -> {
            if (events.get(0).client().equals(Retention.CLIENT)) {
                trimmedAt.complete(head.position());
            }
        });
        append(BOARD, "x", 50);
        Retention retention = new Retention(log, List.of(byCount(20)), clock);
        try (RetentionRunner runner = RetentionRunner.start(retention, Duration.ofMillis(1))) {
            assertEquals(51, trimmedAt.get(60, TimeUnit.SECONDS));
            assertNotNull(runner);
        }
    }
}
