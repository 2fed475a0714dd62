package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The statuses that the API's description names are those that the cases of {@code conformance/protocol} see, which run
 * against the gateway. Refusals have one shape and are described once for all.
 */
class ApiStatusesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path CASES = Path.of("..", "conformance", "protocol");
    private static final Path DESCRIPTION = Path.of("src/main/resources/celeriant/gateway/openapi.json");
    private static final int REFUSALS = 400;

    /** The one address that a case takes from an answer as a whole. */
    private static final Pattern KEPT_WHOLE = Pattern.compile("\\{kept:\\w+}");

    private final JsonNode paths = JSON.readTree(DESCRIPTION.toFile()).get("paths");

    /** As {@code POST /v1/{org}/appends 200}. */
    private Set<String> described() {
        Set<String> described = new TreeSet<>();
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    for (var answer : operation.getValue().path("responses").properties()) {
                        if (!answer.getKey().equals("default") && Integer.parseInt(answer.getKey()) < REFUSALS) {
                            described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey() + " "
                                    + answer.getKey());
                        }
                    }
                }));
        return described;
    }

    private Set<String> seen() throws IOException {
        Set<String> seen = new TreeSet<>();
        try (Stream<Path> files = Files.list(CASES)) {
            files.filter(file -> file.toString().endsWith(".json"))
                    .forEach(file ->
                            JSON.readTree(file.toFile()).get("cases").forEach(one -> see(one.get("steps"), seen)));
        }
        return seen;
    }

    private void see(JsonNode steps, Set<String> seen) {
        for (JsonNode step : steps) {
            int status = step.has("open") ? 200 : step.path("status").asInt(REFUSALS);
            String[] request = step.path("send").asString("").split(" ", 2);
            if (status < REFUSALS && !request[0].equals("OPTIONS")) {
                seen.add(request[0] + " " + template(request[1].split("\\?")[0]) + " " + status);
            }
        }
    }

    /** The address that a path falls under: of those that fit, the one with the fewest names in it. */
    private String template(String path) {
        if (KEPT_WHOLE.matcher(path).matches()) {
            return "/v1/{org}/subscriptions/{ticket}";
        }
        List<String> segments = List.of(path.split("/"));
        return paths.propertyNames().stream()
                .filter(template -> fits(List.of(template.split("/")), segments))
                .min((one, other) -> Long.compare(names(one), names(other)))
                .orElse(path);
    }

    private static boolean fits(List<String> template, List<String> path) {
        boolean fits = template.size() == path.size();
        for (int i = 0; fits && i < template.size(); i++) {
            fits = template.get(i).startsWith("{") || template.get(i).equals(path.get(i));
        }
        return fits;
    }

    private static long names(String template) {
        return template.chars().filter(c -> c == '{').count();
    }

    @Test
    void whatIsAnsweredIsDescribed() throws IOException {
        Set<String> undescribed = seen();
        undescribed.removeAll(described());
        undescribed.removeIf(operation -> operation.startsWith("HEAD "));
        assertEquals(Set.of(), undescribed);
    }

    @Test
    void whatIsDescribedIsAnswered() throws IOException {
        Set<String> unseen = described();
        assertTrue(unseen.size() > paths.size());
        unseen.removeAll(seen());
        assertEquals(Set.of(), unseen);
    }
}
