package celeriant.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final String LONGEST = "x".repeat(128);

    @Test
    void namesAreOfTheAlphabet() {
        for (String name : List.of("a", "Z", "0", "_", "-", "board-1", "a.b~c", "-.", "__proto__", LONGEST)) {
            assertTrue(Names.isName(name), name);
        }
    }

    @Test
    void aNameDoesNotBeginWithADotOrATilde() {
        for (String name : List.of(".", "..", ".a", "~a")) {
            assertFalse(Names.isName(name), name);
        }
    }

    @Test
    void everythingElseIsNoName() {
        for (String name : List.of("", "a b", "a/b", "$a", "a$", "é", "a\u0000", "a%2F", "ａ", "a\n", LONGEST + "x")) {
            assertFalse(Names.isName(name), name);
        }
    }

    @Test
    void aSystemNameIsADollarAndAName() {
        assertTrue(Names.isSystemName("$access"));
        assertTrue(Names.isSystemName("$" + LONGEST));
        for (String name : List.of("$", "$$a", "access", "$.a", "$a b", "$" + LONGEST + "x")) {
            assertFalse(Names.isSystemName(name), name);
        }
    }

    @Test
    void besideAnAggregateStandsItsWholeType() {
        assertTrue(Names.isSystemName("$access.canvas"));
        assertTrue(Names.isSystemName("$access." + LONGEST), "a type of full length has an access list, too");
        assertFalse(Names.isSystemName("$access." + LONGEST + "x"));
        assertFalse(Names.isSystemName("$access."));
    }

    @Test
    void anAggregateIsWrittenTypeSlashId() {
        AggregateId aggregate = AggregateId.parse("canvas/board-1");
        assertEquals(new AggregateId("canvas", "board-1"), aggregate);
        assertEquals("canvas/board-1", aggregate.toString());
        assertFalse(aggregate.isSystem());
        assertTrue(AggregateId.parse("$access.canvas/board-1").isSystem());
    }

    @Test
    void whatIsNoAggregateIsRefused() {
        for (String text : List.of("", "canvas", "canvas/", "/a", "a/b/c", "a/$b", "a/b ", "a//b", "$/a")) {
            assertThrows(IllegalArgumentException.class, () -> AggregateId.parse(text), text);
        }
    }

    @Test
    void aggregatesAreOrderedByTypeThenId() {
        List<AggregateId> ordered = List.of("a/b", "a/c", "a-/a", "ab/a").stream()
                .map(AggregateId::parse)
                .sorted()
                .toList();
        assertEquals("[a/b, a/c, a-/a, ab/a]", ordered.toString());
    }
}
