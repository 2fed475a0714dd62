package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.Admission;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.DiscardOutcome;
import celeriant.log.SnapshotOutcome;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rights to trim, delete and publish are asked where the log decides, as those to append are. */
public interface DiscardAdmissionContract extends ContractTests {
    AggregateId RIGHTS = AggregateId.parse("$access.canvas/board");
    Problem DENIED = Problem.of(ErrorCode.ACCESS_DENIED, "no");

    /** Denies some actions for as long as the register "ana" is set. */
    private void deny(Set<Admission.Action> actions) {
        fixture().admission().rule(new Admission() {
            @Override
            public Verdict admit(AppendRequest request, Append append, View view) {
                return Verdict.ADMITTED;
            }

            @Override
            public Optional<Problem> refusal(
                    Action action, String org, AggregateId aggregate, Caller caller, View view) {
                assertEquals(ORG, org);
                assertEquals(BOARD, aggregate);
                boolean isSet = view.register(RIGHTS, "ana").isPresent();
                return isSet && actions.contains(action) ? Optional.of(DENIED) : Optional.empty();
            }
        });
        fixture().appended(ANA, online(1, set(BOARD, "k", "1"), set(BOARD, "k", "2")));
        fixture().appended(ANA, online(2, set(RIGHTS, "ana", "\"out\"")));
    }

    private static void assertDenied(Object outcome) {
        assertEquals(
                ErrorCode.ACCESS_DENIED,
                switch (outcome) {
                    case DiscardOutcome.Refused refused -> refused.problem().code();
                    case SnapshotOutcome.Refused refused -> refused.problem().code();
                    default -> throw new AssertionError("done: " + outcome);
                });
    }

    @Test
    default void whatTheAdmissionDeniesIsNotDone() {
        deny(EnumSet.allOf(Admission.Action.class));
        assertDenied(fixture().trim(id(9), BOARD, 2, false));
        assertDenied(fixture().delete(id(10), BOARD, new ExpectedVersion.Any(), true));
        assertDenied(fixture().snapshot(BOARD, 1, "s", true));
        assertEquals(3, fixture().position());
        assertTrue(log().snapshot(ORG, BOARD).isEmpty());
        fixture().appended(ANA, online(3, set(RIGHTS, "ana", "null")));
        assertInstanceOf(DiscardOutcome.Discarded.class, fixture().trim(id(9), BOARD, 2, false));
        assertInstanceOf(SnapshotOutcome.Stored.class, fixture().snapshot(BOARD, 1, "s", true));
    }

    @Test
    default void aRepeatOfWhatWasDoneIsAnsweredWhoeverAsks() {
        fixture().appended(ANA, online(4, set(BOARD, "k", "1"), set(BOARD, "k", "2")));
        DiscardOutcome done = fixture().trim(id(9), BOARD, 2, false);
        deny(EnumSet.of(Admission.Action.TRIM));
        assertEquals(done, fixture().trim(id(9), BOARD, 2, false));
    }

    @Test
    default void aSnapshotOfTheSameVersionNeedsARightOfItsOwn() {
        deny(EnumSet.of(Admission.Action.REPLACE));
        assertInstanceOf(SnapshotOutcome.Stored.class, fixture().snapshot(BOARD, 1, "first", true));
        SnapshotOutcome.Refused refused =
                assertInstanceOf(SnapshotOutcome.Refused.class, fixture().snapshot(BOARD, 1, "second", true));
        assertEquals(ErrorCode.VERSION_CONFLICT, refused.problem().code());
        assertInstanceOf(SnapshotOutcome.Stored.class, fixture().snapshot(BOARD, 2, "newer", true));
    }
}
