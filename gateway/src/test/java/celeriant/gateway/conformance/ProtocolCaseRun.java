package celeriant.gateway.conformance;

import celeriant.gateway.Reply;
import celeriant.gateway.TestDevice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Runs one case: an org of its own, devices by name, and steps that send a request and look at the answer. The format
 * is described in {@code conformance/protocol/README.md}. Confined to its test.
 */
final class ProtocolCaseRun {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)(?::([A-Za-z0-9]+))?}");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final String org = "o-" + UUID.randomUUID();
    private final Map<String, TestDevice> devices = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, String> kept = new HashMap<>();

    ProtocolCaseRun(String url) {
        this.url = url;
    }

    void run(JsonNode steps) throws IOException, InterruptedException {
        int number = 0;
        for (JsonNode step : steps) {
            number++;
            Reply reply = send(step);
            List<String> faults = new ArrayList<>();
            look(step, reply, faults);
            if (!faults.isEmpty()) {
                throw new AssertionError("step " + number + ", " + text(step.get("send")) + "\n  "
                        + String.join("\n  ", faults) + "\n  answered: " + reply);
            }
            for (Map.Entry<String, JsonNode> keep : step.path("keep").properties()) {
                kept.put(
                        keep.getKey(),
                        reply.json().at(keep.getValue().asString()).asString());
            }
        }
    }

    private Reply send(JsonNode step) throws IOException, InterruptedException {
        String[] request = text(step.get("send")).split(" ", 2);
        byte[] body = body(step);
        List<String> headers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> header : step.path("headers").properties()) {
            headers.add(header.getKey());
            headers.add(text(header.getValue()));
        }
        String who = step.path("as").asString("ana");
        if (!who.equals("nobody")) {
            return device(who)
                    .send(device(who)
                            .builder(request[0], request[1], body, headers.toArray(String[]::new))
                            .build());
        }
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url + request[1]))
                .timeout(TIMEOUT)
                .method(request[0], body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        return new Reply(HTTP.send(builder.build(), BodyHandlers.ofByteArray()));
    }

    private byte[] body(JsonNode step) {
        if (step.has("text")) {
            return text(step.get("text")).getBytes(StandardCharsets.UTF_8);
        }
        return step.has("body") ? fill(step.get("body").toString()).getBytes(StandardCharsets.UTF_8) : null;
    }

    private void look(JsonNode step, Reply reply, List<String> faults) {
        if (reply.status() != step.get("status").asInt()) {
            faults.add("the status is not " + step.get("status"));
        }
        if (!"nosniff".equals(reply.header("X-Content-Type-Options"))) {
            faults.add("X-Content-Type-Options is not nosniff");
        }
        for (Map.Entry<String, JsonNode> header : step.path("answerHeaders").properties()) {
            String value = reply.header(header.getKey());
            String expected = text(header.getValue());
            if (value == null || !expected.equals("*") && !expected.equals(value)) {
                faults.add(header.getKey() + " is " + value + ", not " + expected);
            }
        }
        if (step.has("answer")) {
            match(step.get("answer"), reply.json(), "", faults);
        }
        for (JsonNode part : step.path("contains")) {
            if (!reply.text().contains(text(part))) {
                faults.add("the answer does not contain " + text(part));
            }
        }
    }

    /** What a case does not name is not looked at; an array names all of its elements. */
    private void match(JsonNode expected, JsonNode actual, String at, List<String> faults) {
        if (expected.isObject() && actual != null && actual.isObject()) {
            for (Map.Entry<String, JsonNode> member : expected.properties()) {
                String name = fill(member.getKey());
                match(member.getValue(), actual.get(name), at + "/" + name, faults);
            }
        } else if (expected.isArray() && actual != null && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                match(expected.get(i), actual.get(i), at + "/" + i, faults);
            }
        } else if (!isSame(expected, actual)) {
            faults.add((at.isEmpty() ? "the body" : at) + " is " + actual + ", not " + expected);
        }
    }

    private boolean isSame(JsonNode expected, JsonNode actual) {
        boolean isMissing = actual == null || actual.isNull();
        if (expected.isNull() || isMissing) {
            return expected.isNull() && isMissing;
        }
        if (expected.isString()) {
            String text = text(expected);
            return text.equals("*") || actual.isValueNode() && text.equalsIgnoreCase(actual.asString());
        }
        return expected.equals(actual);
    }

    private TestDevice device(String name) {
        return devices.computeIfAbsent(name, unused -> new TestDevice(url));
    }

    private String text(JsonNode node) {
        return fill(node.asString());
    }

    private String fill(String text) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(value(place.group(), place.group(1), place.group(2))));
    }

    private String value(String whole, String kind, String name) {
        if (name == null) {
            return kind.equals("org") ? org : whole;
        }
        return switch (kind) {
            case "id" -> ids.computeIfAbsent(name, unused -> UUID.randomUUID().toString());
            case "client" -> device(name).client();
            case "kept" -> kept.getOrDefault(name, whole);
            default -> whole;
        };
    }
}
