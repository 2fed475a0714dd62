package celeriant.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderLinesTest {
    private final HeaderLines lines =
            HeaderLines.of(List.of("Host", "h", "dpop", "1", "DPoP", "2", "content-TYPE", "text/plain", "X", ""));

    @Test
    void aNameIsFoundWhateverItsCase() {
        assertEquals("h", lines.first("hOST"));
        assertEquals("text/plain", lines.first("Content-Type"));
        assertEquals("text/plain", lines.first("Content-Type"), "the second time as well");
        assertEquals("", lines.first("x"));
        assertEquals(1, lines.count("x"));
    }

    @Test
    void ofOneThatWasSentTwiceTheFirstIsGivenAndBothAreCounted() {
        assertEquals("1", lines.first("DPoP"));
        assertEquals(2, lines.count("DPoP"));
    }

    @Test
    void severalLinesOfOneNameAreOneList() {
        assertEquals("1, 2", lines.list("dpop"));
        assertEquals("h", lines.list("host"));
        assertNull(lines.list("Accept"));
    }

    @Test
    void aNameOfTheSameLengthWithTheSameEndsIsAnotherOne() {
        assertNull(lines.first("Hoot"));
        assertEquals(0, lines.count("Hoot"));
        assertNull(lines.first("Accept"));
    }
}
