package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.Admission;
import celeriant.log.MergedRead;
import celeriant.log.OutcomeUnknownException;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.Problem;
import celeriant.model.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is asked before an append is settled, and what it sees. */
public interface AdmissionContract extends ContractTests {
    AggregateId ACCESS = AggregateId.parse("$access.canvas/board");
    Problem NO = Problem.of(ErrorCode.ACCESS_DENIED, "no");

    /** Whether the register "ana" of the access aggregate says "yes" for the log as it is then. */
    private static Admission.Verdict byRegister(Admission.View view) {
        return view.register(ACCESS, "ana")
                .filter(register -> "\"yes\"".equals(new String(register.data().bytes(), StandardCharsets.UTF_8)))
                .map(register -> Admission.Verdict.ADMITTED)
                .orElse(new Admission.Denied(NO));
    }

    private static boolean isAccess(Append append) {
        return append.events().get(0).aggregate().equals(ACCESS);
    }

    @Test
    default void whatIsDeniedIsRejected() {
        fixture().admission().rule((request, append, view) -> new Admission.Denied(NO));
        assertEquals(new AppendResult.Rejected(id(1), 0, NO), fixture().result(ANA, online(1, fact(BOARD, "a"))));
        assertEquals(new AppendResult.Rejected(id(1), 1, NO), fixture().result(ANA, numbered(1, fact(BOARD, "a"))));
        fixture().admission().rule(Admission.OPEN);
        assertEquals(
                new AppendResult.Rejected(id(1), 1, NO),
                fixture().result(ANA, numbered(1, fact(BOARD, "a"))),
                "with a sequence it is settled for good");
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
    }

    @Test
    default void deniedComesBeforeAConflict() {
        fixture().admission().rule((request, append, view) -> new Admission.Denied(NO));
        assertInstanceOf(
                AppendResult.Rejected.class, fixture().result(ANA, expecting(1, Map.of(BOARD, 7L), fact(BOARD, "a"))));
    }

    @Test
    default void whatIsSettledOrAtFaultIsNotAskedAgain() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        List<Append> asked = new ArrayList<>();
        fixture().admission().rule((request, append, view) -> {
            asked.add(append);
            return Admission.Verdict.ADMITTED;
        });
        Append faulty = Append.faulty(id(2), 2, NO);
        fixture().results(request(ANA, numbered(1, fact(BOARD, "a")), faulty, numbered(3, fact(BOARD, "c"))));
        assertEquals(List.of(id(3)), asked.stream().map(Append::id).toList());
    }

    @Test
    default void theSystemsEventsFollowTheClientsAndAreNotInItsAnswer() {
        fixture()
                .admission()
                .rule((request, append, view) -> new Admission.Admitted(
                        view.exists(BOARD) ? List.of() : List.of(set(ACCESS, "ana", "\"owner\""))));
        AppendResult.Appended created = fixture().appended(ANA, numbered(1, fact(BOARD, "a"), fact(BOARD, "b")));
        assertEquals(new AppendResult.Appended(id(1), 1, 1, 2, Map.of(BOARD, 2L)), created);
        assertEquals(2, log().clientHead(ORG, ANA).orElseThrow().position());
        assertEquals(3, fixture().position());
        assertEquals(
                new AppendResult.Duplicate(id(1), 1, 1, 2, Map.of(BOARD, 2L)),
                fixture().result(ANA, numbered(1, fact(BOARD, "a"))));
        fixture().appended(ANA, numbered(2, fact(BOARD, "c")));
        MergedRead access = new MergedRead(0, Long.MAX_VALUE, 9, 1 << 20, Set.of(ACCESS), Set.of(), Set.of());
        List<RecordedEvent> granted = fixture().merged(access);
        assertEquals(1, granted.size());
        assertEquals(3, granted.get(0).position());
        assertEquals(id(1), granted.get(0).append());
        assertEquals(ANA, granted.get(0).client());
        assertNotNull(granted.get(0).event().id());
        assertEquals(List.of(1L, 2L, 4L), fixture().positions());
    }

    @Test
    default void accessBesideWhatTheFilterCoversShowsWhereItIsAskedFor() {
        fixture().admission().rule((request, append, view) -> new Admission.Admitted(List.of(set(ACCESS, "ana", "1"))));
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        for (MergedRead covering : List.of(
                new MergedRead(0, 9, 9, 1 << 20, Set.of(), Set.of(), Set.of(), true),
                new MergedRead(0, 9, 9, 1 << 20, Set.of(BOARD), Set.of(), Set.of("a"), true),
                new MergedRead(0, 9, 9, 1 << 20, Set.of(), Set.of(BOARD.type()), Set.of(), true))) {
            assertEquals(2, log().readMerged(ORG, covering).events().size(), covering::toString);
        }
        MergedRead elsewhere = new MergedRead(0, 9, 9, 1 << 20, Set.of(), Set.of("other"), Set.of(), true);
        assertEquals(List.of(), log().readMerged(ORG, elsewhere).events());
    }

    @Test
    default void aPageDoesNotEndBetweenTheClientsEventsAndTheSystems() {
        fixture().admission().rule((request, append, view) -> new Admission.Admitted(List.of(set(ACCESS, "ana", "1"))));
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        MergedRead both = new MergedRead(0, Long.MAX_VALUE, 1, 1 << 20, Set.of(ACCESS, BOARD), Set.of(), Set.of());
        assertEquals(2, log().readMerged(ORG, both).events().size());
    }

    @Test
    default void aRightThatWasTakenAwayOneAppendEarlierIsGone() {
        fixture()
                .admission()
                .rule((request, append, view) -> isAccess(append) ? Admission.Verdict.ADMITTED : byRegister(view));
        Event grant = set(ACCESS, "ana", "\"yes\"");
        Event revoke = set(ACCESS, "ana", "null");
        List<AppendResult> results = fixture()
                .results(request(
                        ANA,
                        numbered(1, fact(BOARD, "a")),
                        numbered(2, grant),
                        numbered(3, fact(BOARD, "b")),
                        numbered(4, revoke),
                        numbered(5, fact(BOARD, "c")),
                        numbered(6, grant)));
        assertEquals(new AppendResult.Rejected(id(1), 1, NO), results.get(0));
        assertInstanceOf(AppendResult.Appended.class, results.get(2));
        assertEquals(new AppendResult.Rejected(id(5), 5, NO), results.get(4));
        assertInstanceOf(AppendResult.Appended.class, fixture().result(ANA, numbered(7, fact(BOARD, "d"))));
    }

    @Test
    default void theViewTellsVersionAndExistence() {
        List<String> seen = new ArrayList<>();
        fixture().admission().rule((request, append, view) -> {
            seen.add(view.version(BOARD) + " " + view.exists(BOARD));
            return Admission.Verdict.ADMITTED;
        });
        fixture().results(request(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b")), online(2, fact(BOARD, "c"))));
        fixture().deleted(BOARD, true);
        fixture().appended(ANA, online(3, fact(BOARD, "d")));
        assertEquals(List.of("0 false", "2 true", "4 false"), seen);
    }

    @Test
    default void theRegistersOfADeletedAggregateAreGoneFromTheView() {
        fixture().appended(ANA, online(1, set(ACCESS, "ana", "\"yes\"")));
        fixture().admission().rule((request, append, view) -> byRegister(view));
        fixture().appended(ANA, online(2, fact(BOARD, "a")));
        fixture().deleted(ACCESS, true);
        assertEquals(new AppendResult.Rejected(id(3), 0, NO), fixture().result(ANA, online(3, fact(BOARD, "b"))));
    }

    @Test
    default void anAdmissionThatRunsOutOfStackEndsOneRequestAndNotTheLog() {
        fixture().admission().rule((request, append, view) -> {
            throw new StackOverflowError();
        });
        assertThrows(
                OutcomeUnknownException.class, () -> fixture().outcome(request(ANA, numbered(1, fact(BOARD, "a")))));
        fixture().admission().rule(Admission.OPEN);
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
    }

    @Test
    default void whenAdmissionFailsWhatWasDecidedBeforeStandsAndTheRestMayBeSentAgain() {
        fixture().admission().rule((request, append, view) -> {
            if (append.sequence() == 2) {
                throw new IllegalStateException("a fault in the admission");
            }
            return Admission.Verdict.ADMITTED;
        });
        Append[] appends = {numbered(1, fact(BOARD, "a")), numbered(2, fact(BOARD, "b")), numbered(3, fact(BOARD, "c"))
        };
        assertThrows(OutcomeUnknownException.class, () -> fixture().outcome(request(ANA, appends)));
        assertEquals(1, log().clientHead(ORG, ANA).orElseThrow().sequence());
        fixture().admission().rule(Admission.OPEN);
        List<AppendResult> results = fixture().results(request(ANA, appends));
        assertInstanceOf(AppendResult.Duplicate.class, results.get(0));
        assertInstanceOf(AppendResult.Appended.class, results.get(1));
        assertInstanceOf(AppendResult.Appended.class, results.get(2));
    }
}
