package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.model.After;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientHead;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Appends with a sequence: each is settled once, in order, and a second writer with the same identity is found out. */
public interface SequenceContract extends ContractTests {
    private static Append voided(long sequence) {
        return Append.faulty(id(sequence), sequence, Problem.of(ErrorCode.VOID, "given up"));
    }

    @Test
    default void theFirstSequenceIsOne() {
        assertEquals(Optional.empty(), log().clientHead(ORG, ANA));
        AppendOutcome.Settled settled = assertInstanceOf(
                AppendOutcome.Settled.class, fixture().outcome(request(ANA, numbered(1, fact(BOARD, "a")))));
        assertEquals(List.of(new AppendResult.Appended(id(1), 1, 1, 1, Map.of(BOARD, 1L))), settled.results());
        assertEquals(new ClientHead(1, id(1), 1), settled.head());
        assertEquals(Optional.of(settled.head()), log().clientHead(ORG, ANA));
    }

    @Test
    default void aGapRefusesTheWholeAndNamesTheNextSequence() {
        Problem none = fixture().refused(request(ANA, (After) null, numbered(2, fact(BOARD, "a"))));
        assertEquals(ErrorCode.SEQUENCE_GAP, none.code());
        assertEquals(1L, none.fields().get("expectedSequence"));
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        Problem gap = fixture()
                .refused(request(ANA, (After) null, numbered(3, fact(BOARD, "b")), numbered(4, fact(BOARD, "c"))));
        assertEquals(ErrorCode.SEQUENCE_GAP, gap.code());
        assertEquals(2L, gap.fields().get("expectedSequence"));
        assertEquals(1, fixture().position());
    }

    @Test
    default void anAfterBeyondTheHeadIsAGap() {
        Problem gap = fixture().refused(request(ANA, new After(7, id(7)), numbered(8, fact(BOARD, "a"))));
        assertEquals(ErrorCode.SEQUENCE_GAP, gap.code());
        assertEquals(1L, gap.fields().get("expectedSequence"));
        After last = new After(Long.MAX_VALUE, id(7));
        Problem largest = fixture().refused(request(ANA, last, numbered(Long.MAX_VALUE, fact(BOARD, "a"))));
        assertTrue(largest.detail().contains("first sequence is " + Long.MAX_VALUE), largest.detail());
    }

    @Test
    default void anAfterWithAnotherIdIsAFork() {
        fixture().results(request(ANA, numbered(1, fact(BOARD, "a")), numbered(2, fact(BOARD, "b"))));
        for (After other : List.of(new After(2, id(99)), new After(1, id(2)))) {
            Append next = Append.sequenced(id(50), other.sequence() + 1, List.of(fact(BOARD, "c")));
            assertEquals(
                    ErrorCode.CLIENT_FORKED,
                    fixture().refused(request(ANA, other, next)).code());
        }
        assertEquals(2, fixture().position());
    }

    @Test
    default void anotherIdAtASettledSequenceIsAForkWhereverItStandsInTheRequest() {
        fixture()
                .results(request(
                        ANA,
                        numbered(1, fact(BOARD, "a")),
                        numbered(2, fact(BOARD, "b")),
                        numbered(3, fact(BOARD, "c"))));
        for (long forked = 1; forked <= 3; forked++) {
            Append[] appends = new Append[5];
            for (int i = 0; i < 5; i++) {
                long sequence = i + 1;
                appends[i] = sequence == forked
                        ? Append.sequenced(id(90), sequence, List.of(fact(BOARD, "x")))
                        : numbered(sequence, fact(BOARD, "x"));
            }
            assertEquals(
                    ErrorCode.CLIENT_FORKED,
                    fixture().refused(request(ANA, (After) null, appends)).code());
        }
        assertEquals(3, fixture().position());
        assertEquals(3, log().clientHead(ORG, ANA).orElseThrow().sequence());
    }

    @Test
    default void aForkIsFoundAtTheSequenceOfARejectionToo() {
        fixture().results(request(ANA, voided(1), numbered(2, fact(BOARD, "b"))));
        Append other = Append.sequenced(id(90), 1, List.of(fact(BOARD, "x")));
        assertEquals(
                ErrorCode.CLIENT_FORKED, fixture().refused(request(ANA, other)).code());
        assertEquals(
                ErrorCode.CLIENT_FORKED,
                fixture()
                        .refused(request(ANA, new After(1, id(90)), numbered(2, fact(BOARD, "b"))))
                        .code());
    }

    @Test
    default void theSameRequestAgainIsAllDuplicatesAtTheSamePlaces() {
        AppendRequest request = request(ANA, numbered(1, fact(BOARD, "a")), numbered(2, fact(BOARD, "b")));
        fixture().results(request);
        fixture().appended(BEN, numbered(1, fact(BOARD, "x")));
        assertEquals(
                List.of(
                        new AppendResult.Duplicate(id(1), 1, 1, 1, Map.of(BOARD, 1L)),
                        new AppendResult.Duplicate(id(2), 2, 2, 2, Map.of(BOARD, 2L))),
                fixture().results(request));
        assertEquals(3, fixture().position());
    }

    @Test
    default void aRequestMayBeginWithWhatIsSettledAndGoOn() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a"), fact(PLOT, "a")));
        assertEquals(
                List.of(
                        new AppendResult.Duplicate(id(1), 1, 1, 2, Map.of(BOARD, 1L, PLOT, 1L)),
                        new AppendResult.Appended(id(2), 2, 3, 3, Map.of(BOARD, 2L))),
                fixture().results(request(ANA, numbered(1, fact(BOARD, "a")), numbered(2, fact(BOARD, "b")))));
    }

    @Test
    default void anOldDuplicateIsAnsweredHoweverLongAgoItWas() {
        int appends = 200;
        for (int i = 1; i <= appends; i++) {
            fixture().appended(ANA, numbered(i, fact(BOARD, "a")));
        }
        for (int i = 1; i <= appends; i++) {
            assertEquals(
                    new AppendResult.Duplicate(id(i), i, i, i, Map.of(BOARD, (long) i)),
                    fixture().result(ANA, numbered(i, fact(BOARD, "a"))));
        }
    }

    @Test
    default void aRejectionConsumesItsSequenceAndIsAnsweredAgain() {
        Problem problem = Problem.tooLarge("/events/0/data", "too much", 5, "bytes");
        Append faulty = Append.faulty(id(1), 1, problem);
        AppendOutcome.Settled settled =
                assertInstanceOf(AppendOutcome.Settled.class, fixture().outcome(request(ANA, faulty)));
        assertEquals(List.of(new AppendResult.Rejected(id(1), 1, problem)), settled.results());
        assertEquals(new ClientHead(1, id(1), 0), settled.head());
        fixture().appended(ANA, numbered(2, fact(BOARD, "b")));
        assertEquals(
                new AppendResult.Rejected(id(1), 1, problem),
                fixture().result(ANA, numbered(1, fact(BOARD, "mended"))));
        assertEquals(List.of(1L), fixture().positions());
    }

    @Test
    default void aRejectionAmongOthersDoesNotStopThem() {
        List<AppendResult> results = fixture()
                .results(request(ANA, numbered(1, fact(BOARD, "a")), voided(2), numbered(3, fact(BOARD, "c"))));
        assertInstanceOf(AppendResult.Appended.class, results.get(0));
        assertInstanceOf(AppendResult.Rejected.class, results.get(1));
        assertEquals(new AppendResult.Appended(id(3), 3, 2, 2, Map.of(BOARD, 2L)), results.get(2));
    }

    @Test
    default void givingUpSettlesAsVoid() {
        AppendResult.Rejected rejected =
                assertInstanceOf(AppendResult.Rejected.class, fixture().result(ANA, voided(1)));
        assertEquals(ErrorCode.VOID, rejected.problem().code());
        assertEquals(rejected, fixture().result(ANA, numbered(1, fact(BOARD, "after all"))));
    }

    @Test
    default void givingUpWhatIsRecordedIsItsDuplicate() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        assertEquals(
                new AppendResult.Duplicate(id(1), 1, 1, 1, Map.of(BOARD, 1L)),
                fixture().result(ANA, voided(1)));
    }

    @Test
    default void aFaultThatArrivesForARecordedAppendIsItsDuplicateToo() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        Append faulty = Append.faulty(id(1), 1, Problem.badRequest("/events/0/type", "no"));
        assertInstanceOf(AppendResult.Duplicate.class, fixture().result(ANA, faulty));
    }

    @Test
    default void theHeadsPositionIsThatOfTheLatestRecordedSequencedAppend() {
        fixture().appended(BEN, online(80, fact(BOARD, "x")));
        fixture().appended(ANA, numbered(1, fact(BOARD, "a"), fact(BOARD, "b")));
        fixture().appended(ANA, online(81, fact(BOARD, "y")));
        fixture().result(ANA, voided(2));
        assertEquals(new ClientHead(2, id(2), 3), log().clientHead(ORG, ANA).orElseThrow());
        assertTrue(log().clientHead(ORG, BEN).isEmpty(), "an append without a sequence makes no head");
    }

    @Test
    default void aRequestWithoutAppendsIsAnsweredWithTheHeadAlone() {
        assertEquals(new AppendOutcome.Settled(List.of(), null), fixture().outcome(request(ANA, (After) null)));
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        assertEquals(
                new AppendOutcome.Settled(List.of(), new ClientHead(1, id(1), 1)),
                fixture().outcome(request(ANA, (After) null)));
    }

    @Test
    default void withoutAppendsAnAfterIsStillChecked() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        assertInstanceOf(AppendOutcome.Settled.class, fixture().outcome(request(ANA, new After(1, id(1)))));
        assertEquals(
                ErrorCode.CLIENT_FORKED,
                fixture().refused(request(ANA, new After(1, id(9)))).code());
        assertEquals(
                ErrorCode.SEQUENCE_GAP,
                fixture().refused(request(ANA, new After(2, id(2)))).code());
    }

    @Test
    default void sequencesBelongToOneClientInOneOrg() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        fixture().appended(BEN, numbered(1, fact(BOARD, "a")));
        AppendRequest elsewhere =
                new AppendRequest("globex", ANA, null, List.of(numbered(1, fact(BOARD, "a"))), Caller.EMBEDDER);
        assertInstanceOf(
                AppendResult.Appended.class, fixture().results(elsewhere).get(0));
    }
}
