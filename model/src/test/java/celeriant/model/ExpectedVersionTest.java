package celeriant.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ExpectedVersionTest {
    @Test
    void zeroIsMustNotExistAndEveryOtherNumberExactlyThat() {
        assertEquals(new ExpectedVersion.None(), ExpectedVersion.of(0));
        assertEquals(new ExpectedVersion.Exactly(7), ExpectedVersion.of(7));
        assertThrows(IllegalArgumentException.class, () -> ExpectedVersion.of(-1));
    }

    @Test
    void anyMatchesEverything() {
        ExpectedVersion any = new ExpectedVersion.Any();
        assertTrue(any.matches(0, false));
        assertTrue(any.matches(3, true));
        assertTrue(any.matches(3, false));
    }

    @Test
    void noneMatchesWhatNeverExistedAndWhatWasDeleted() {
        ExpectedVersion none = new ExpectedVersion.None();
        assertTrue(none.matches(0, false));
        assertTrue(none.matches(3, false));
        assertFalse(none.matches(3, true));
    }

    @Test
    void exactlyMatchesThatVersionOfWhatExists() {
        ExpectedVersion three = new ExpectedVersion.Exactly(3);
        assertTrue(three.matches(3, true));
        assertFalse(three.matches(2, true));
        assertFalse(three.matches(4, true));
        assertFalse(three.matches(3, false), "deleted at version 3 is not at version 3");
    }
}
