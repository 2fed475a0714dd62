package celeriant.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/**
 * What a rule found: one line each, as {@code file:line what}, shown together so that one run is enough to mend all.
 */
final class Findings {
    private final List<String> lines = new ArrayList<>();

    void add(String file, long line, String what) {
        lines.add(file + ":" + line + " " + what);
    }

    void add(String file, String what) {
        lines.add(file + " " + what);
    }

    void assertNone(String rule) {
        assertEquals("", String.join("\n", lines), rule);
    }
}
