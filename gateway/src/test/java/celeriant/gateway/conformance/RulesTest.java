package celeriant.gateway.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The list of PROTOCOL's rules names cases that there are, for each rule at least one. */
class RulesTest {
    private static final Path CASES = Path.of("..", "conformance", "protocol");

    @Test
    void everyRuleIsHeldByACaseThatThereIs() throws IOException {
        Map<String, List<String>> cases = cases();
        Set<String> tests = tests();
        List<String> missing = new ArrayList<>();
        int rules = 0;
        for (String line : Files.readAllLines(CASES.resolve("rules.md"))) {
            if (!line.startsWith("| ") || line.startsWith("| Rule ")) {
                continue;
            }
            rules++;
            String heldBy = line.substring(line.lastIndexOf(" | ") + 3, line.length() - 2);
            for (String holder : heldBy.split("; ")) {
                if (!isThere(holder, cases, tests)) {
                    missing.add(holder);
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(rules > 60, "the list of rules is not read");
    }

    private static boolean isThere(String holder, Map<String, List<String>> cases, Set<String> tests) {
        int colon = holder.indexOf(": ");
        return colon < 0
                ? tests.contains(holder + ".java")
                : cases.getOrDefault(holder.substring(0, colon), List.of()).stream()
                        .anyMatch(name -> name.startsWith(holder.substring(colon + 2)));
    }

    private static Map<String, List<String>> cases() throws IOException {
        Map<String, List<String>> cases = new HashMap<>();
        JsonMapper json = JsonMapper.builder().build();
        try (Stream<Path> files = Files.list(CASES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                List<String> names = new ArrayList<>();
                for (JsonNode each : json.readTree(Files.readAllBytes(file)).get("cases")) {
                    names.add(each.get("name").asString());
                }
                cases.put(file.getFileName().toString().replace(".json", ""), names);
            }
        }
        return cases;
    }

    private static Set<String> tests() throws IOException {
        Set<String> tests = new HashSet<>();
        for (String module : List.of(".", "../app", "../wire", "../log", "../bench")) {
            try (Stream<Path> files = Files.walk(Path.of(module, "src"))) {
                tests.addAll(files.map(path -> path.getFileName().toString()).collect(Collectors.toSet()));
            }
        }
        return tests;
    }
}
