package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ErrorCode;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Appends without a sequence are known again by their id. */
public interface IdempotencyContract extends ContractTests {
    @Test
    default void aRepeatOfAnIdIsADuplicateAtTheSamePlaces() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(PLOT, "b")));
        fixture().appended(BEN, online(2, fact(BOARD, "c")));
        assertEquals(
                new AppendResult.Duplicate(id(1), 0, 1, 2, Map.of(BOARD, 1L, PLOT, 1L)),
                fixture().result(ANA, online(1, fact(BOARD, "a"), fact(PLOT, "b"))));
        assertEquals(3, fixture().position());
    }

    @Test
    default void anIdThatWasUsedForOtherAggregatesIsRefused() {
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        assertUsed(fixture().result(ANA, online(1, fact(PLOT, "a"))));
        assertUsed(fixture().result(ANA, online(1, fact(BOARD, "a"), fact(PLOT, "a"))));
        assertEquals(1, fixture().position());
    }

    @Test
    default void anIdThatWasUsedForATrimOrADeleteIsRefused() {
        fixture().appended(ANA, online(1, set(BOARD, "x", "1"), set(BOARD, "x", "2")));
        fixture().trim(id(2), BOARD, 2, false);
        assertUsed(fixture().result(ANA, online(2, fact(BOARD, "a"))));
        fixture().delete(id(3), BOARD, new ExpectedVersion.Any(), true);
        assertUsed(fixture().result(ANA, online(3, fact(BOARD, "a"))));
        assertEquals(4, fixture().position());
    }

    private static void assertUsed(AppendResult result) {
        AppendResult.Rejected rejected = assertInstanceOf(AppendResult.Rejected.class, result);
        assertEquals(ErrorCode.BAD_REQUEST, rejected.problem().code());
    }

    @Test
    default void aRepeatIsADuplicateThoughItsExpectedVersionHasMoved() {
        fixture().appended(ANA, expecting(1, Map.of(BOARD, 0L), fact(BOARD, "a")));
        assertInstanceOf(
                AppendResult.Duplicate.class, fixture().result(ANA, expecting(1, Map.of(BOARD, 0L), fact(BOARD, "a"))));
    }

    @Test
    default void aRepeatAWeekLaterIsStillADuplicate() {
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        fixture().clock().advance(Duration.ofDays(7));
        assertInstanceOf(AppendResult.Duplicate.class, fixture().result(ANA, online(1, fact(BOARD, "a"))));
    }

    @Test
    default void aClockThatWasAheadForAWhileMakesNoRepeatUnknown() {
        fixture().clock().advance(Duration.ofDays(365));
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        fixture().clock().advance(Duration.ofDays(-365));
        for (long number = 2; number < 10; number++) {
            fixture().appended(ANA, online(number, fact(BOARD, "b")));
        }
        for (long number = 1; number < 10; number++) {
            assertInstanceOf(AppendResult.Duplicate.class, fixture().result(ANA, online(number, fact(BOARD, "b"))));
        }
    }

    @Test
    default void anIdThatIsSaidToBeNewIsNotRemembered() {
        Append append = online(1, fact(BOARD, "a"));
        AppendRequest withNewId = new AppendRequest(ORG, ANA, null, List.of(append), Caller.EMBEDDER, true);
        assertInstanceOf(
                AppendResult.Appended.class, fixture().results(withNewId).get(0));
        fixture().appended(ANA, append);
        assertInstanceOf(AppendResult.Duplicate.class, fixture().result(ANA, append));
        assertEquals(2, fixture().position());
    }

    @Test
    default void theSameIdOfAnotherClientIsAnotherAppend() {
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        fixture().appended(BEN, online(1, fact(BOARD, "a")));
        assertEquals(2, fixture().position());
    }

    @Test
    default void theIdOfASequencedAppendIsNotComparedWithThoseWithout() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        fixture().appended(ANA, online(1, fact(BOARD, "b")));
        assertEquals(2, fixture().position());
        assertInstanceOf(AppendResult.Duplicate.class, fixture().result(ANA, online(1, fact(BOARD, "b"))));
        assertInstanceOf(AppendResult.Duplicate.class, fixture().result(ANA, numbered(1, fact(BOARD, "a"))));
    }

    @Test
    default void aRejectionKeepsNothingAndItsIdMayBeUsedAgain() {
        Append faulty = Append.faulty(id(1), 0, Problem.badRequest("/events/0/type", "no"));
        assertEquals(
                new AppendResult.Rejected(id(1), 0, faulty.fault()), fixture().result(ANA, faulty));
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
    }

    @Test
    default void aConflictKeepsNothingAndItsIdMayBeUsedAgain() {
        assertInstanceOf(
                AppendResult.Conflict.class, fixture().result(ANA, expecting(1, Map.of(BOARD, 4L), fact(BOARD, "a"))));
        fixture().appended(ANA, expecting(1, Map.of(BOARD, 0L), fact(BOARD, "a")));
    }

    @Test
    default void aRepeatInsideOneRequestIsADuplicateOfTheFirst() {
        List<AppendResult> results =
                fixture().results(request(ANA, online(1, fact(BOARD, "a")), online(1, fact(BOARD, "a"))));
        assertInstanceOf(AppendResult.Appended.class, results.get(0));
        assertEquals(new AppendResult.Duplicate(id(1), 0, 1, 1, Map.of(BOARD, 1L)), results.get(1));
    }

    @Test
    default void aDuplicateOutlivesTheAggregateThatItWroteTo() {
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        fixture().deleted(BOARD, false);
        assertInstanceOf(AppendResult.Duplicate.class, fixture().result(ANA, online(1, fact(BOARD, "a"))));
        AppendResult.Rejected other =
                assertInstanceOf(AppendResult.Rejected.class, fixture().result(ANA, online(2, fact(BOARD, "a"))));
        assertEquals(ErrorCode.GONE, other.problem().code());
    }
}
