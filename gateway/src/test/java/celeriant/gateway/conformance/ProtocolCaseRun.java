package celeriant.gateway.conformance;

import celeriant.gateway.Reply;
import celeriant.gateway.SseReader;
import celeriant.gateway.TestDevice;
import celeriant.wire.DeviceKey;
import celeriant.wire.Jwk;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs one case: an org of its own, devices by name, and steps that send a request and look at the answer. The format
 * is described in {@code conformance/protocol/README.md}. Confined to its test.
 */
final class ProtocolCaseRun {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)(?::([A-Za-z0-9:]+))?}");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ED25519 = "ed25519:";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final String org = "o-" + UUID.randomUUID();
    private final Map<String, String> keys;
    private final Map<String, SseReader> streams = new HashMap<>();
    private final Map<String, TestDevice> devices = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, String> kept = new HashMap<>();

    /** {@code keys} are API keys of {@link ProtocolConformanceTest#KEY_ORG} by their scopes. */
    ProtocolCaseRun(String url, Map<String, String> keys) {
        this.url = url;
        this.keys = keys;
    }

    void run(JsonNode steps) throws IOException, InterruptedException {
        try {
            takeSteps(steps);
        } finally {
            streams.values().forEach(SseReader::close);
        }
    }

    private void takeSteps(JsonNode steps) throws IOException, InterruptedException {
        int number = 0;
        for (JsonNode step : steps) {
            number++;
            if (step.has("open")) {
                open(step);
                continue;
            }
            CaseTexts.many(step.path("many")).forEach((name, text) -> kept.put("many " + name, text));
            List<String> faults = new ArrayList<>();
            if (step.has("next")) {
                next(step, faults);
                if (!faults.isEmpty()) {
                    throw new AssertionError("step " + number + "\n  " + String.join("\n  ", faults));
                }
                continue;
            }
            Reply reply = send(step);
            look(step, reply, faults);
            if (!faults.isEmpty()) {
                throw new AssertionError("step " + number + ", " + text(step.get("send")) + "\n  "
                        + String.join("\n  ", faults) + "\n  answered: " + reply);
            }
            for (Map.Entry<String, JsonNode> keep : step.path("keep").properties()) {
                JsonNode value = reply.json().at(keep.getValue().asString());
                kept.put(keep.getKey(), value.isString() ? value.asString() : value.toString());
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
        if (who.startsWith("key:")) {
            headers.addAll(List.of("Authorization", "Bearer " + keys.get(who.substring(4))));
            if (body != null && !headers.contains("Content-Type")) {
                headers.addAll(List.of("Content-Type", "application/json"));
            }
        } else if (!who.equals("nobody")) {
            if (step.has("proof")) {
                headers.addAll(List.of("DPoP", proof(who, request[0], request[1], step.get("proof"))));
            }
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

    /** A proof with something wrong or repeated in it. */
    private String proof(String who, String method, String path, JsonNode wish) {
        TestDevice device = device(wish.path("by").asString(who));
        if (wish.has("again")) {
            return kept.get("proof " + wish.get("again").asString());
        }
        String nonce = wish.path("nonce").asString(device.nonce());
        String token = wish.path("ath").asString(device(who).token());
        String proof = device.proof(
                UUID.randomUUID(),
                wish.path("htm").asString(method),
                wish.has("htu") ? text(wish.get("htu")) : url + path,
                nonce.isEmpty() ? null : nonce,
                token.isEmpty() ? null : token);
        if (wish.has("keep")) {
            kept.put("proof " + wish.get("keep").asString(), proof);
        }
        if (wish.has("signature")) {
            int at = proof.length() - 5;
            proof = proof.substring(0, at) + (proof.charAt(at) == 'A' ? 'B' : 'A') + proof.substring(at + 1);
        }
        return proof;
    }

    private void open(JsonNode step) {
        List<String> headers = new ArrayList<>(List.of("Accept", "text/event-stream"));
        for (Map.Entry<String, JsonNode> header : step.path("headers").properties()) {
            headers.addAll(List.of(header.getKey(), text(header.getValue())));
        }
        String path = text(step.get("send")).split(" ", 2)[1];
        String who = step.path("as").asString("ana");
        streams.put(step.get("open").asString(), new SseReader(device(who).open(path, headers.toArray(String[]::new))));
    }

    private void next(JsonNode step, List<String> faults) {
        SseReader stream = streams.get(step.get("next").asString());
        String wanted = step.path("event").asString("");
        SseReader.Message message = stream.next();
        while (message.event().equals("agreed") && !wanted.equals("agreed")) {
            // It comes when the stream has been quiet, which depends on the machine.
            message = stream.next();
        }
        if (!wanted.equals(message.event())) {
            faults.add("the next message is " + message);
        } else if (step.has("id") && !text(step.get("id")).equals(message.id())) {
            faults.add("the id is not " + step.get("id") + ": " + message);
        } else if (step.has("at")) {
            lookAt(step.get("at"), JSON.readTree(message.data()), faults);
        }
    }

    /** Values by pointer. */
    private void lookAt(JsonNode expected, JsonNode actual, List<String> faults) {
        for (Map.Entry<String, JsonNode> place : expected.properties()) {
            JsonNode found = actual.at(place.getKey());
            JsonNode wanted = place.getValue();
            if (wanted.isString() && wanted.asString().equals("$absent")) {
                if (!found.isMissingNode()) {
                    faults.add(place.getKey() + " is there: " + found);
                }
            } else if (wanted.isString() && wanted.asString().startsWith("$like ")) {
                String text = found.isString() ? found.asString() : found.toString();
                if (found.isMissingNode() || !text.matches(wanted.asString().substring(6))) {
                    faults.add(place.getKey() + " is " + found + ", not " + wanted);
                }
            } else {
                match(wanted, found.isMissingNode() ? null : found, place.getKey(), faults);
            }
        }
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
            if (!isHeader(value, expected)) {
                faults.add(header.getKey() + " is " + value + ", not " + expected);
            }
        }
        if (step.has("answer")) {
            match(step.get("answer"), reply.json(), "", faults);
        }
        if (step.has("at")) {
            lookAt(step.get("at"), reply.json(), faults);
        }
        int at = 0;
        for (JsonNode part : step.path("ordered")) {
            at = reply.text().indexOf(text(part), at);
            if (at < 0) {
                faults.add("the answer does not contain " + part + " where it belongs");
                break;
            }
        }
        for (JsonNode part : step.path("contains")) {
            if (!reply.text().contains(text(part))) {
                faults.add("the answer does not contain " + text(part));
            }
        }
    }

    private static boolean isHeader(String value, String expected) {
        if (value == null) {
            return expected.equals("$absent");
        }
        boolean isLike = expected.startsWith("$like ") && value.matches(expected.substring(6));
        return expected.equals("*") || expected.equals(value) || isLike;
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
        return devices.computeIfAbsent(
                name,
                unused -> name.startsWith(ED25519)
                        ? new TestDevice(url, DeviceKey.generate(Jwk.Curve.ED25519, new SecureRandom()))
                        : new TestDevice(url));
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
            return switch (kind) {
                case "org" -> org;
                case "keyorg" -> ProtocolConformanceTest.KEY_ORG;
                case "url" -> url;
                case "port" -> Integer.toString(URI.create(url).getPort());
                default -> whole;
            };
        }
        return switch (kind) {
            case "id" -> ids.computeIfAbsent(name, unused -> UUID.randomUUID().toString());
            case "client" -> device(name).client();
            case "kept" -> kept.getOrDefault(name, whole);
            case "many" -> kept.getOrDefault("many " + name, whole);
            default -> CaseTexts.repeated(kind, name).orElse(whole);
        };
    }
}
