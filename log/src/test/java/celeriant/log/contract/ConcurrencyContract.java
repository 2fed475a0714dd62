package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.AggregateRead;
import celeriant.log.AggregateState;
import celeriant.log.AppendOutcome;
import celeriant.log.MergedRead;
import celeriant.log.Subscription;
import celeriant.model.AppendResult;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many callers at once. */
public interface ConcurrencyContract extends ContractTests {
    int WRITERS = 8;
    int APPENDS_EACH = 50;
    long ALL = (long) WRITERS * APPENDS_EACH;

    private static ClientId writer(int number) {
        return new ClientId("writer-" + number);
    }

    private void writeAsOne(int number) {
        for (int i = 1; i <= APPENDS_EACH; i++) {
            fixture().appended(writer(number), numbered(i, fact(BOARD, "w" + number)));
        }
    }

    private void writeAll() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int number = w;
                writers.add(threads.submit(() -> writeAsOne(number)));
            }
            for (Future<?> each : writers) {
                each.get();
            }
        }
    }

    @Test
    default void manyWritersGetDensePlacesAndEachItsOwnOrder() throws Exception {
        writeAll();
        List<RecordedEvent> events = fixture().merged(MergedRead.after(0));
        List<Long> dense = LongStream.rangeClosed(1, ALL).boxed().toList();
        assertEquals(dense, events.stream().map(RecordedEvent::position).toList());
        assertEquals(dense, events.stream().map(RecordedEvent::version).toList());
        for (int w = 0; w < WRITERS; w++) {
            ClientId client = writer(w);
            assertEquals(
                    LongStream.rangeClosed(1, APPENDS_EACH).boxed().toList(),
                    events.stream()
                            .filter(recorded -> recorded.client().equals(client))
                            .map(RecordedEvent::sequence)
                            .toList());
        }
    }

    /** As a reader sees the log, an append is there or not. */
    @Test
    default void noReadShowsHalfAnAppend() {
        int events = 400;
        Event[] sets = new Event[events];
        Arrays.setAll(sets, i -> set(BOARD, "k" + i % 50, Integer.toString(i)));
        fixture().appended(ANA, numbered(1, sets));
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 2; i <= APPENDS_EACH; i++) {
                fixture().appended(ANA, numbered(i, sets));
            }
        });
        AggregateRead one = new AggregateRead(0, Long.MAX_VALUE, 1, 1 << 20, Set.of());
        while (!writer.isDone()) {
            assertEquals(0, log().readAggregate(ORG, BOARD, one).head() % events);
            AggregateState state = log().state(ORG, BOARD).orElseThrow();
            assertEquals(0, state.version() % events);
            state.registers().values().forEach(register -> assertTrue(register.version() <= state.version()));
        }
        LogFixture.await(writer);
    }

    @Test
    default void aSubscriberSeesEachEventOnceInOrderWhileOthersWrite() throws Exception {
        try (Subscription subscription = log().subscribe(ORG, MergedRead.after(0))) {
            CompletableFuture<List<Long>> reader = CompletableFuture.supplyAsync(() -> readAll(subscription));
            writeAll();
            assertEquals(LongStream.rangeClosed(1, ALL).boxed().toList(), LogFixture.await(reader));
        }
    }

    private static List<Long> readAll(Subscription subscription) {
        List<Long> seen = new ArrayList<>();
        try {
            while (seen.size() < ALL) {
                List<RecordedEvent> next = subscription.next(Duration.ofSeconds(60));
                if (next.isEmpty()) {
                    return seen;
                }
                next.forEach(recorded -> seen.add(recorded.position()));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return seen;
    }

    @Test
    default void ofManyWhoExpectTheSameVersionOneWins() {
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        List<CompletionStage<AppendOutcome>> pending = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            pending.add(log().append(request(writer(i), expecting(100 + i, Map.of(BOARD, 1L), fact(BOARD, "b")))));
        }
        long won = 0;
        for (CompletionStage<AppendOutcome> stage : pending) {
            AppendOutcome.Settled settled = assertInstanceOf(AppendOutcome.Settled.class, LogFixture.await(stage));
            AppendResult result = settled.results().get(0);
            if (result instanceof AppendResult.Conflict conflict) {
                assertEquals(new AppendResult.Conflict(conflict.id(), BOARD, 1, 2), conflict);
            } else {
                assertInstanceOf(AppendResult.Appended.class, result);
                won++;
            }
        }
        assertEquals(1, won);
        assertEquals(2, fixture().position());
    }

    @Test
    default void theSameAppendSentManyTimesAtOnceLandsOnce() {
        List<CompletionStage<AppendOutcome>> pending = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            pending.add(log().append(request(ANA, numbered(1, fact(BOARD, "a")), numbered(2, fact(BOARD, "b")))));
            pending.add(log().append(request(BEN, online(9, fact(BOARD, "c")))));
        }
        long landed = 0;
        for (CompletionStage<AppendOutcome> stage : pending) {
            AppendOutcome.Settled settled = assertInstanceOf(AppendOutcome.Settled.class, LogFixture.await(stage));
            landed += settled.results().stream()
                    .filter(AppendResult.Appended.class::isInstance)
                    .count();
        }
        assertEquals(3, landed);
        assertEquals(3, fixture().position());
    }

    /** One writer's conditional appends, each with its own guess at the version, and what came of them. */
    private List<AppendResult> guessAsOne(int number) {
        SplittableRandom random = new SplittableRandom(number);
        List<AppendResult> results = new ArrayList<>();
        long guess = 0;
        for (int i = 0; i < APPENDS_EACH; i++) {
            long id = 1000L * (number + 1) + i;
            Event[] events = random.nextBoolean()
                    ? new Event[] {fact(BOARD, "g" + guess), fact(PLOT, "beside")}
                    : new Event[] {fact(BOARD, "g" + guess)};
            AppendResult result = fixture().result(writer(number), expecting(id, Map.of(BOARD, guess), events));
            results.add(result);
            guess = switch (result) {
                case AppendResult.Conflict conflict -> conflict.actual();
                case AppendResult.Appended appended -> appended.versions().get(BOARD);
                case AppendResult.Duplicate duplicate -> throw new AssertionError(duplicate);
                case AppendResult.Rejected rejected -> throw new AssertionError(rejected);
            };
        }
        return results;
    }

    @Test
    default void whatConcurrentWritersAreAnsweredIsWhatTheLogHolds() throws Exception {
        List<AppendResult> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<List<AppendResult>>> writers = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int number = w;
                writers.add(threads.submit(() -> guessAsOne(number)));
            }
            for (Future<List<AppendResult>> each : writers) {
                results.addAll(each.get());
            }
        }
        List<RecordedEvent> events = fixture().merged(MergedRead.after(0));
        long answered = 0;
        for (AppendResult result : results) {
            if (result instanceof AppendResult.Appended appended) {
                answered += appended.lastPosition() - appended.firstPosition() + 1;
                RecordedEvent first = events.get((int) appended.firstPosition() - 1);
                assertEquals(appended.id(), first.append());
                assertEquals(appended.versions().get(BOARD), first.version());
                assertEquals("g" + (first.version() - 1), first.event().type(), "it landed on the version it expected");
            }
        }
        assertEquals(events.size(), answered, "what is in the log was answered as appended, once");
        assertEquals(
                LongStream.rangeClosed(1, events.size()).boxed().toList(),
                fixture().positions());
    }
}
