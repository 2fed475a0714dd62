package celeriant.gateway.matrix;

import celeriant.gateway.SseReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the gateway every cell of a row, and compares what it answers with the table. */
public final class Cells {
    private static final int SHOWN_MAX = 12;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern AGGREGATE = Pattern.compile("\"aggregate\":\"([^\"]+)\"");
    private static final Pattern TYPES = Pattern.compile("\\{\"types\":\\[\"?([^\"\\]]*)\"?\\]\\}");

    private final World world;

    public Cells(World world) {
        this.world = world;
    }

    /** The rows by name, each with the address that it is for. */
    public static Map<String, String> addresses() {
        Map<String, String> addresses = new TreeMap<>();
        Rows.all().forEach(row -> addresses.put(row.name(), row.address()));
        return addresses;
    }

    /** How the answers differ, the first few, from what {@code name}'s row says. */
    public List<String> differences(String name) throws IOException, InterruptedException {
        Row row = Rows.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        List<String> differences = new ArrayList<>();
        for (String org : List.of(World.CLOSED, World.OPEN)) {
            for (Place place : row.places()) {
                for (Who who : Who.values()) {
                    String expected = row.expected().of(who, place, org.equals(World.OPEN));
                    String answered = ask(row, org, place, who).strip();
                    if (!answered.equals(expected.strip())) {
                        differences.add(
                                who + " on " + place + " in the org " + org + ": " + answered + ", not " + expected);
                    }
                }
            }
        }
        return differences.subList(0, Math.min(differences.size(), SHOWN_MAX));
    }

    private String ask(Row row, String org, Place place, Who who) throws IOException, InterruptedException {
        String path = row.template();
        if (path.contains("{share}")) {
            path = path.replace("{share}", world.share(org, row, place));
        }
        String[] name = place.aggregate().split("/");
        path = path.replace("{org}", org).replace("{type}", name[0]).replace("{id}", name[1]);
        path = path.replace("{code}", "gone").replace("{ticket}", "unknown");
        path = path.replace("{eventType}", "drawn").replace("{typeVersion}", "1.0") + row.query();
        String body = row.body() == null ? null : row.body().replace("{aggregate}", place.aggregate());
        HttpRequest request = world.caller(org, who).request(row.method(), path, body, row.headers());
        HttpResponse<InputStream> response = HTTP.send(request, BodyHandlers.ofInputStream());
        boolean stream = response.headers()
                .firstValue("Content-Type")
                .filter("text/event-stream"::equals)
                .isPresent();
        if (stream) {
            return "200 " + seenIn(caughtUp(response));
        }
        try (InputStream in = response.body()) {
            return read(row.reading(), response.statusCode(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String read(Row.Reading reading, int status, String body) {
        if (status >= 400) {
            JsonNode code = body.isEmpty() ? null : JSON.readTree(body).get("code");
            return status + (code == null ? "" : " " + code.asString());
        }
        return switch (reading) {
            case STATUS -> Integer.toString(status);
            case SIGHT -> status + " " + seenIn(body);
            case VERDICT -> status + " " + verdict(JSON.readTree(body).at("/results/0"));
        };
    }

    private static String verdict(JsonNode result) {
        String word = result.get("status").asString();
        return word.equals("rejected") ? word + " " + result.at("/problem/code").asString() : word;
    }

    /** The aggregates whose events or rows are in {@code text}; of a listing of types, these. */
    private static String seenIn(String text) {
        Matcher types = TYPES.matcher(text);
        if (types.matches()) {
            return types.group(1);
        }
        Set<String> seen = new TreeSet<>();
        Matcher aggregates = AGGREGATE.matcher(withoutRights(text));
        while (aggregates.find()) {
            seen.add(aggregates.group(1));
        }
        return seen.stream().collect(Collectors.joining(" "));
    }

    /** A page also tells of rights that the reader once had. */
    private static String withoutRights(String text) {
        return text.replaceAll("\"rights\":\\[[^\\]]*\\]", "");
    }

    private static String caughtUp(HttpResponse<InputStream> response) {
        StringBuilder text = new StringBuilder();
        try (SseReader reader = new SseReader(response)) {
            SseReader.Message message = reader.next();
            while (!message.event().equals("caught-up") && !message.event().equals("end")) {
                text.append(message.event().isEmpty() ? message.data() : "");
                message = reader.next();
            }
        }
        return text.toString();
    }
}
