package celeriant.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Grafana's dashboard asks for metrics that there are: those of the page that a running gateway is compared with. */
class DashboardTest {
    private static final String DASHBOARD = "deploy/grafana/celeriant.json";
    private static final String PAGE = "docs/reference/metrics.md";
    private static final Pattern NAME = Pattern.compile("\\b(?:celeriant|process|jvm)_\\w+");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (counter|gauge|histogram) \\|");
    private static final int COLUMNS = 24;
    private static final int METRICS_MIN = 20;

    private final Tree tree = Tree.read();
    private final JsonNode dashboard =
            JsonMapper.builder().build().readTree(Tree.text(tree.root().resolve(DASHBOARD)));

    private List<String> questions() {
        List<String> questions = new ArrayList<>();
        dashboard
                .get("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> questions.add(target.get("expr").asString())));
        return questions;
    }

    @Test
    void everyMetricThatItAsksForIsShown() {
        Set<String> known = new TreeSet<>();
        ROW.matcher(Tree.text(tree.root().resolve(PAGE))).results().forEach(row -> {
            known.add(row.group(1));
            if (row.group(2).equals("histogram")) {
                known.addAll(List.of(row.group(1) + "_bucket", row.group(1) + "_sum", row.group(1) + "_count"));
            }
        });
        Set<String> asked = questions().stream()
                .flatMap(question -> NAME.matcher(question).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(asked.size() > METRICS_MIN, asked::toString);
        asked.removeAll(known);
        assertEquals(Set.of(), asked);
    }

    @Test
    void countersAreAskedForTheirRateAndPanelsDoNotOverlap() {
        for (String question : questions()) {
            boolean counts = question.matches(".*_(total|bucket|sum|count)\\b.*");
            assertEquals(counts, question.contains("rate(") || question.contains("increase("), question);
        }
        Set<String> places = new TreeSet<>();
        dashboard.get("panels").forEach(panel -> {
            JsonNode place = panel.get("gridPos");
            assertTrue(place.get("x").asInt() + place.get("w").asInt() <= COLUMNS, panel.get("title")::asString);
            assertTrue(places.add(place.get("x") + "," + place.get("y")), panel.get("title")::asString);
        });
    }
}
