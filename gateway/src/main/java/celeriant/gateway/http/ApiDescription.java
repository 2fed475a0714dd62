package celeriant.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OpenAPI 3.1 description of every address, as {@code /openapi.json} and as a readable page. Tests hold its
 * addresses against the routes and its statuses against the cases of the protocol. Immutable: any thread.
 */
public final class ApiDescription {
    private static final String RESOURCE = "/celeriant/gateway/openapi.json";
    private static final Set<String> METHODS = Set.of("get", "head", "put", "post", "patch", "delete");

    private final JsonNode tree;
    private final FixedAnswer json;
    private final FixedAnswer page;

    private ApiDescription() {
        byte[] text;
        try (InputStream in = ApiDescription.class.getResourceAsStream(RESOURCE)) {
            text = in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + RESOURCE, e);
        }
        tree = JsonMapper.builder().build().readTree(text);
        json = new FixedAnswer(new Answer(200, Answer.JSON, text, Map.of()));
        page = new FixedAnswer(ProblemPages.html(tree.at("/info/title").asString() + " over HTTP", body()));
    }

    /** Read when it is asked for first. */
    public static ApiDescription shared() {
        return Shared.INSTANCE;
    }

    private static final class Shared {
        private static final ApiDescription INSTANCE = new ApiDescription();
    }

    public FixedAnswer json() {
        return json;
    }

    public FixedAnswer page() {
        return page;
    }

    /** Every method and address that is described, as {@code GET /v1/{org}}. */
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        tree.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .forEach(member ->
                                operations.add(member.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    private String body() {
        StringBuilder out = new StringBuilder("<p>")
                .append(escaped(tree.at("/info/description")))
                .append(" As data: <a href=\"/openapi.json\">/openapi.json</a>. Refusals: <a href=\"/problems\">")
                .append("/problems</a>.</p>");
        for (Map.Entry<String, JsonNode> path : tree.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
                if (METHODS.contains(member.getKey())) {
                    operation(out, member.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), member.getValue());
                }
            }
        }
        out.append("<h2>Shapes</h2>");
        for (Map.Entry<String, JsonNode> shape : tree.at("/components/schemas").properties()) {
            out.append("<h3 id=\"")
                    .append(shape.getKey())
                    .append("\">")
                    .append(shape.getKey())
                    .append("</h3><pre>");
            out.append(linked(shape.getValue())).append("</pre>");
        }
        return out.toString();
    }

    private static void operation(StringBuilder out, String address, JsonNode operation) {
        out.append("<h3><code>").append(ProblemPages.escaped(address)).append("</code></h3><p>");
        out.append(escaped(operation.path("summary"))).append("</p><ul>");
        for (JsonNode parameter : operation.path("parameters")) {
            out.append("<li><code>").append(escaped(parameter.get("name"))).append("</code> (");
            out.append(escaped(parameter.get("in"))).append(") ");
            out.append(escaped(parameter.path("description"))).append("</li>");
        }
        for (Map.Entry<String, JsonNode> type :
                operation.at("/requestBody/content").properties()) {
            out.append("<li>body, ").append(ProblemPages.escaped(type.getKey())).append(": <code>");
            out.append(linked(type.getValue().path("schema"))).append("</code></li>");
        }
        for (Map.Entry<String, JsonNode> answer : operation.path("responses").properties()) {
            if (!answer.getKey().equals("default")) {
                out.append("<li>").append(answer.getKey()).append(": ");
                out.append(escaped(answer.getValue().path("description")));
                answer.getValue()
                        .path("content")
                        .properties()
                        .forEach(type -> out.append(" <code>")
                                .append(linked(type.getValue().path("schema")))
                                .append("</code>"));
                out.append("</li>");
            }
        }
        out.append("</ul>");
    }

    /** A schema as text, its references as links. */
    private static String linked(JsonNode schema) {
        return ProblemPages.escaped(schema.toPrettyString())
                .replaceAll("\\{\\s*\"\\$ref\" : \"#/components/schemas/(\\w+)\"\\s*}", "<a href=\"#$1\">$1</a>");
    }

    private static String escaped(JsonNode text) {
        return ProblemPages.escaped(text.asString(""));
    }
}
