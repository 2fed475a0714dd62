package celeriant.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checker finds what it is there to find. Eight events of one aggregate, at positions 11 to 18. */
class FollowTest {
    private static final String BOARD = "a/board";

    private final Ledger ledger = new Ledger();
    private Follow follow = new Follow(ledger, name -> true, -1, false);

    @BeforeEach
    void eightEvents() {
        ledger.appended(BOARD, 5, 5, 15);
        ledger.appended(BOARD, 3, 8, 18);
    }

    private void see(int... numbers) {
        for (int n : numbers) {
            follow.event(BOARD, "t" + n % Ledger.TYPES, n, 10 + n, n);
        }
    }

    private void fails(String fault, Runnable seen) {
        String message = assertThrows(AssertionError.class, seen::run).getMessage();
        assertTrue(message.contains(fault), message);
    }

    @Test
    void everythingOnceAndInOrderIsFine() {
        see(1, 2, 3, 4, 5, 6, 7, 8);
        follow.finish();
        assertEquals(8, follow.events());
    }

    @Test
    void aGapIsFound() {
        see(1, 2);
        fails("3 to 3 did not come before 4", () -> see(4));
    }

    @Test
    void aGapAtTheStartOrTheEndIsFound() {
        fails("1 to 1 did not come before 2", () -> see(2));
        follow = new Follow(ledger, name -> true, -1, false);
        see(1, 2, 3, 4, 5, 6, 7);
        fails("8 to 8 never came", follow::finish);
        fails("1 to 8 never came", new Follow(ledger, name -> true, -1, false)::finish);
    }

    @Test
    void aRepeatAndAReorderAreFound() {
        see(1, 2, 3);
        fails("behind the cursor", () -> see(3));
        fails("behind the cursor", () -> see(2));
        fails("comes again", () -> follow.event(BOARD, "t3", 3, 99, 3));
    }

    @Test
    void aCursorThatGoesBackIsFound() {
        follow.covered(20);
        fails("goes back", () -> follow.covered(19));
    }

    @Test
    void aGapIsFineIfItWasTrimmedAwayAndTheReaderWasTold() {
        ledger.discarding(BOARD, 6);
        see(1, 4, 5);
        follow.discarded(BOARD, 4, 16);
        follow.covered(16);
        see(7, 8);
        fails("6 to 6 never came, and below 4", follow::finish);
        follow = new Follow(ledger, name -> true, -1, false);
        see(1, 4, 5, 6, 7, 8);
        follow.discarded(BOARD, 4, 19);
        follow.finish();
        assertEquals(1, follow.holes());
    }

    @Test
    void ofOneTypeEveryFourthIsExpected() {
        follow = new Follow(ledger, name -> true, 2, false);
        see(2, 6);
        follow.finish();
        follow = new Follow(ledger, name -> true, 2, false);
        fails("2 to 5 did not come before 6", () -> see(6));
        fails("was not asked for", () -> see(7));
    }

    @Test
    void withRightsItBeginsBehindTheGrantAndEndsWithTheRevocation() {
        follow = new Follow(ledger, name -> true, -1, true);
        fails("without a right", () -> see(1));
        follow = new Follow(ledger, name -> true, -1, true);
        follow.granted(BOARD, 12);
        see(3, 4);
        follow.revoked(BOARD, 16);
        follow.finish();
        fails("without a right", () -> see(7));
        follow = new Follow(ledger, name -> true, -1, true);
        follow.granted(BOARD, 12);
        fails("3 to 3 did not come before 4", () -> see(4));
    }

    @Test
    void whatIsOutsideTheFilterIsFound() {
        follow = new Follow(ledger, name -> name.startsWith("b/"), -1, false);
        fails("was not asked for", () -> see(1));
    }
}
