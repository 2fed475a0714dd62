package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.AggregateSummary;
import celeriant.log.DiscardOutcome;
import celeriant.log.MergedRead;
import celeriant.log.TrimmedException;
import celeriant.model.AppendResult;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import celeriant.model.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Deleting an aggregate, and what its name may do afterwards. */
public interface DeleteContract extends ContractTests {
    private Problem refusal(ExpectedVersion expected) {
        return assertInstanceOf(DiscardOutcome.Refused.class, fixture().delete(null, BOARD, expected, true))
                .problem();
    }

    private void appendTwo() {
        fixture().appended(ANA, online(1, set(BOARD, "x", "1"), fact(BOARD, "noted")));
    }

    @Test
    default void aDeleteIsAnEventThatStaysWhenTheOthersLeave() {
        appendTwo();
        fixture().appended(ANA, online(2, fact(PLOT, "a")));
        assertEquals(new DiscardOutcome.Discarded(3, 4), fixture().deleted(BOARD, true));
        List<RecordedEvent> events = fixture().merged(MergedRead.after(0));
        assertEquals(
                List.of(3L, 4L), events.stream().map(RecordedEvent::position).toList());
        Event tombstone = events.get(1).event();
        assertEquals("$deleted", tombstone.type());
        assertEquals(BOARD, tombstone.aggregate());
        assertEquals("{\"recreate\":true}", new String(tombstone.data().bytes(), StandardCharsets.UTF_8));
        assertEquals(3, events.get(1).version());
    }

    @Test
    default void aDeletedAggregateIsNotThere() {
        appendTwo();
        fixture().snapshot(BOARD, 2, "two", false);
        fixture().deleted(BOARD, true);
        assertTrue(log().state(ORG, BOARD).isEmpty());
        assertTrue(log().stateAt(ORG, BOARD, 2).isEmpty());
        assertTrue(log().register(ORG, BOARD, "x").isEmpty());
        assertTrue(log().snapshot(ORG, BOARD).isEmpty());
        assertEquals(List.of(), log().aggregates(ORG, "canvas", "", 10));
        AggregateSummary summary = log().aggregate(ORG, BOARD).orElseThrow();
        assertFalse(summary.exists());
        assertTrue(summary.recreatable());
        assertEquals(3, summary.version());
        assertEquals(0, summary.count());
    }

    @Test
    default void whatDoesNotExistCannotBeDeleted() {
        assertEquals(ErrorCode.NOT_FOUND, refusal(new ExpectedVersion.Any()).code());
        appendTwo();
        fixture().deleted(BOARD, true);
        assertEquals(ErrorCode.NOT_FOUND, refusal(new ExpectedVersion.Any()).code());
        assertEquals(3, fixture().position());
    }

    @Test
    default void aDeleteMayExpectAVersion() {
        appendTwo();
        Problem conflict = refusal(new ExpectedVersion.Exactly(1));
        assertEquals(ErrorCode.VERSION_CONFLICT, conflict.code());
        assertEquals(Map.of("aggregate", "canvas/board", "expected", 1L, "actual", 2L), conflict.fields());
        assertInstanceOf(
                DiscardOutcome.Discarded.class, fixture().delete(null, BOARD, new ExpectedVersion.Exactly(2), true));
    }

    @Test
    default void aDeleteRepeatedWithItsIdGetsTheSameAnswer() {
        appendTwo();
        DiscardOutcome first = fixture().delete(id(70), BOARD, new ExpectedVersion.Exactly(2), true);
        fixture().appended(BEN, online(71, fact(BOARD, "again")));
        assertEquals(first, fixture().delete(id(70), BOARD, new ExpectedVersion.Exactly(2), true));
        assertTrue(log().aggregate(ORG, BOARD).orElseThrow().exists());
    }

    @Test
    default void zeroIsExpectedOfADeletedAggregateAndVersionsGoOn() {
        appendTwo();
        fixture().deleted(BOARD, true);
        assertEquals(
                new AppendResult.Conflict(id(5), BOARD, 3, 0),
                fixture().result(ANA, expecting(5, Map.of(BOARD, 3L), fact(BOARD, "again"))));
        AppendResult.Appended again =
                fixture().appended(ANA, expecting(5, Map.of(BOARD, 0L), set(BOARD, "y", "2"), fact(BOARD, "more")));
        assertEquals(Map.of(BOARD, 5L), again.versions());
        AggregateSummary summary = log().aggregate(ORG, BOARD).orElseThrow();
        assertTrue(summary.exists());
        assertEquals(4, summary.firstVersion());
        assertEquals(2, summary.count());
        assertEquals(
                Set.of("y"), log().state(ORG, BOARD).orElseThrow().registers().keySet());
        assertEquals(
                Set.of("y"),
                log().stateAt(ORG, BOARD, 4).orElseThrow().registers().keySet());
        assertThrows(TrimmedException.class, () -> log().stateAt(ORG, BOARD, 2));
        assertEquals(List.of(3L, 4L, 5L), fixture().positions());
    }

    @Test
    default void inOneRequestADeletedAggregateIsCreatedAgainAsWell() {
        appendTwo();
        fixture().deleted(BOARD, true);
        List<AppendResult> results = fixture()
                .results(request(
                        ANA, online(5, set(BOARD, "x", "2")), expecting(6, Map.of(BOARD, 4L), set(BOARD, "x", "3"))));
        assertEquals(new AppendResult.Appended(id(6), 0, 5, 5, Map.of(BOARD, 5L)), results.get(1));
    }

    @Test
    default void aNameThatMayNotBeUsedAgainIsGoneForGood() {
        appendTwo();
        fixture().deleted(BOARD, false);
        AppendResult.Rejected online = assertInstanceOf(
                AppendResult.Rejected.class, fixture().result(ANA, online(5, fact(OTHER, "a"), fact(BOARD, "b"))));
        assertEquals(ErrorCode.GONE, online.problem().code());
        assertEquals("/events/1/aggregate", online.problem().fields().get("pointer"));
        AppendResult.Rejected sequenced =
                assertInstanceOf(AppendResult.Rejected.class, fixture().result(BEN, numbered(1, fact(BOARD, "b"))));
        assertEquals(ErrorCode.GONE, sequenced.problem().code());
        assertEquals(1, log().clientHead(ORG, BEN).orElseThrow().sequence());
        assertTrue(log().aggregate(ORG, OTHER).isEmpty());
        assertFalse(log().aggregate(ORG, BOARD).orElseThrow().recreatable());
    }

    @Test
    default void goneComesBeforeAConflict() {
        appendTwo();
        fixture().deleted(BOARD, false);
        assertInstanceOf(
                AppendResult.Rejected.class, fixture().result(ANA, expecting(5, Map.of(BOARD, 2L), fact(BOARD, "b"))));
    }

    @Test
    default void aTombstonePassesEveryEventTypeFilter() {
        appendTwo();
        fixture().deleted(BOARD, true);
        MergedRead onlyA = new MergedRead(0, Long.MAX_VALUE, 9, 1 << 20, Set.of(), Set.of("canvas"), Set.of("a"));
        assertEquals(
                List.of(3L),
                fixture().merged(onlyA).stream().map(RecordedEvent::position).toList());
    }
}
