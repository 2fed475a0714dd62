package celeriant.tidy;

import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Nothing is left for later, switched off, or true on one machine only. */
class LeftoversTest {
    private static final Map<String, Pattern> UNWANTED = Map.of(
            "a thing left for later", Pattern.compile("\\b(TODO|FIXME|XXX)\\b"),
            "a test that is switched off",
                    Pattern.compile("@Disabled|\\b(it|test|describe)\\.(skip|only|todo)\\(|\\b(skip|only|todo): *true"),
            "a path of one machine",
                    Pattern.compile("(^|[\\s\"'`(=])/(work|root|tmp|home|Users)/\\w|/usr/lib/jvm/[a-z]+-[0-9]"),
            "a registry's host",
                    Pattern.compile(
                            "registry\\.npmjs\\.org|registry\\.yarnpkg\\.com|repo1?\\.maven\\.(apache\\.)?org"));

    /** This file spells out what it looks for. */
    private static final String SELF = "LeftoversTest.java";

    private final Tree tree = Tree.read();

    @Test
    void nothingIsLeftBehind() throws Exception {
        Findings findings = new Findings();
        for (Path file : tree.files()) {
            if (!file.endsWith(SELF)) {
                look(file, findings);
            }
        }
        findings.assertNone("issues hold what is left to do; tests run or are gone; paths and hosts are settings");
    }

    private void look(Path file, Findings findings) throws Exception {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (MalformedInputException notText) {
            return;
        }
        for (int i = 0; i < lines.size(); i++) {
            for (Map.Entry<String, Pattern> unwanted : UNWANTED.entrySet()) {
                if (unwanted.getValue().matcher(lines.get(i)).find()) {
                    findings.add(tree.relative(file), i + 1, unwanted.getKey());
                }
            }
        }
    }
}
