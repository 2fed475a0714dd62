package celeriant.gateway.conformance;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Long texts that a case describes rather than spells out. Stateless: any thread. */
final class CaseTexts {
    private CaseTexts() {}

    /** {@code {x:512}}: so many of a character; empty if it is no such place. */
    static Optional<String> repeated(String kind, String count) {
        String piece = switch (kind) {
            case "x" -> "x";
            case "open" -> "[";
            case "close" -> "]";
            case "spaces" -> " ";
            default -> null;
        };
        return piece == null ? Optional.empty() : Optional.of(piece.repeat(Integer.parseInt(count)));
    }

    /**
     * By name, a text many times with commas between, or what {@code between} says; in it {@code {n}} counts from 1 and
     * {@code {uuid:n}} is an id.
     */
    static Map<String, String> many(JsonNode described) {
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, JsonNode> one : described.properties()) {
            String text = one.getValue().get("text").asString();
            texts.put(
                    one.getKey(),
                    IntStream.rangeClosed(1, one.getValue().get("times").asInt())
                            .mapToObj(n ->
                                    text.replace("{n}", Integer.toString(n)).replace("{uuid:n}", uuid(n)))
                            .collect(Collectors.joining(
                                    one.getValue().path("between").asString(","))));
        }
        return texts;
    }

    private static String uuid(int n) {
        return UUID.nameUUIDFromBytes(Integer.toString(n).getBytes(StandardCharsets.US_ASCII))
                .toString();
    }
}
