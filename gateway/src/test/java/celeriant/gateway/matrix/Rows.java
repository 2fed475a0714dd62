package celeriant.gateway.matrix;

import celeriant.gateway.access.Level;
import celeriant.gateway.matrix.Row.Expected;
import celeriant.gateway.matrix.Row.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The table of PROTOCOL's access rules: a row for every address, for every form of answer where it has several. */
final class Rows {
    private static final String AGGREGATE = "/v1/{org}/{type}/{id}";
    private static final List<Place> ORG = List.of(Place.PRIVATE);
    private static final List<Place> ALL = List.of(Place.values());
    private static final List<Place> EXISTING = List.of(Place.PRIVATE, Place.PUBLIC, Place.COMMONS);
    private static final String EVENT = "{\"type\":\"drawn\",\"data\":1}";
    private static final String ID = "018f3c1e-0000-7000-8000-000000000001";
    private static final String GRANTEE = "{\"client\":\"svc.nobody-in-particular\"}";

    private final List<Row> rows = new ArrayList<>();

    static List<Row> all() {
        Rows table = new Rows();
        table.pages();
        table.orgs();
        table.merged();
        table.reads();
        table.appends();
        table.changes();
        return table.rows;
    }

    private void add(String address, List<Place> places, Expected expected) {
        add(address, "", places, "", null, List.of(), Reading.STATUS, expected);
    }

    private void add(String address, List<Place> places, String body, Expected expected) {
        add(address, "", places, "", body, List.of(), Reading.STATUS, expected);
    }

    private void add(
            String address,
            String form,
            List<Place> places,
            String query,
            String body,
            List<String> headers,
            Reading reading,
            Expected expected) {
        rows.add(new Row(address, form, places, query, body, headers, reading, expected));
    }

    /** What needs nobody to be known. */
    private void pages() {
        add("GET /problems", ORG, (who, place, open) -> "200");
        add("GET /problems/{code}", ORG, (who, place, open) -> "200");
        add("GET /openapi.json", ORG, (who, place, open) -> "200");
        add("GET /openapi", ORG, (who, place, open) -> "200");
        add("POST /oauth/token", ORG, (who, place, open) -> "400");
        add("GET /v1/{org}/subscriptions/{ticket}", ORG, (who, place, open) -> "204");
    }

    private void orgs() {
        add("GET /v1/{org}/me", ORG, known("200"));
        add("GET /v1/{org}/schemas", ORG, known("200"));
        add("GET /v1/{org}/schemas/{eventType}/{typeVersion}", ORG, known("404 not-found"));
        add("PUT /v1/{org}/schemas/{eventType}/{typeVersion}", ORG, "{\"type\":7}", admins("400 bad-request"));
        add("GET /v1/{org}/members", ORG, admins("200"));
        add("PATCH /v1/{org}/members", ORG, "{\"members\":[]}", admins("200"));
        add("POST /v1/{org}/shares", ORG, "{\"role\":\"member\"}", admins("201"));
        add("DELETE /v1/{org}/shares/{share}", ORG, admins("204"));
        add("POST /v1/{org}/shares/redeem", ORG, "{\"secret\":\"guessed\"}", known("404 not-found"));
        add("POST /v1/{org}/subscriptions", ORG, "{\"aggregates\":[\"canvas/private\"]}", known("201"));
    }

    /** What tells of many aggregates tells of those alone that the caller may see. */
    private void merged() {
        sight("GET /v1/{org}", "", "", List.of(), (who, open) -> typesOf(who));
        sight("GET /v1/{org}/{type}", "", "", List.of(), (who, open) -> existing(who));
        String events = "GET /v1/{org}/events";
        sight(events, "", "", List.of(), (who, open) -> recorded(who));
        sight(events, "long poll", "?live=poll&wait=0", List.of(), (who, open) -> recorded(who));
        sight(events, "lines", "", List.of("Accept", "application/x-ndjson"), (who, open) -> recorded(who));
        sight(events, "stream", "", List.of("Accept", "text/event-stream"), (who, open) -> recorded(who));
    }

    private void sight(
            String address, String form, String query, List<String> headers, BiFunction<Who, Boolean, String> seen) {
        add(
                address,
                form,
                ORG,
                query,
                null,
                headers,
                Reading.SIGHT,
                known((who, place, open) -> "200 " + seen.apply(who, open)));
    }

    private static String typesOf(Who who) {
        return existing(who).isEmpty() ? "" : "canvas";
    }

    private static String existing(Who who) {
        return EXISTING.stream()
                .filter(place -> place.of(who) != null)
                .map(Place::aggregate)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** Tombstones stay. */
    private static String recorded(Who who) {
        return Arrays.stream(Place.values())
                .filter(place -> place.exists() || place == Place.DELETED)
                .filter(place -> place.of(who) != null)
                .map(Place::aggregate)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private void reads() {
        add("GET " + AGGREGATE, ALL, readers(true));
        add("GET " + AGGREGATE + "/events", ALL, readers(true));
        add("GET " + AGGREGATE + "/state", ALL, readers(true));
        add("GET " + AGGREGATE + "/snapshot", ALL, readers(false));
        add("GET " + AGGREGATE + "/access", ALL, needs(Level.OWNER, (who, place) -> afterDeleteToo(place, "200")));
    }

    private void appends() {
        List<String> stale = List.of("If-Match", "\"999999\"", "Idempotency-Key", ID);
        add(
                "POST " + AGGREGATE + "/events",
                "",
                ALL,
                "",
                EVENT,
                stale,
                Reading.STATUS,
                known((who, place, open) ->
                        mayAppend(who, place, open) ? "412 version-conflict" : "403 access-denied"));
        String body = "{\"appends\":[{\"id\":\"" + ID + "\",\"expected\":{\"{aggregate}\":999999},\"events\":["
                + "{\"aggregate\":\"{aggregate}\",\"type\":\"drawn\",\"data\":1}]}]}";
        List<Place> applications = List.of(Place.PRIVATE, Place.PUBLIC, Place.COMMONS, Place.DELETED, Place.MISSING);
        add(
                "POST /v1/{org}/appends",
                "",
                applications,
                "",
                body,
                List.of(),
                Reading.VERDICT,
                known((who, place, open) -> {
                    if (who == Who.KEY_READ) {
                        return "403 access-denied";
                    }
                    return mayAppend(who, place, open) ? "200 conflict" : "200 rejected access-denied";
                }));
    }

    private static boolean mayAppend(Who who, Place place, boolean open) {
        if (place == Place.SYSTEM) {
            return false;
        }
        Level level = place.of(who);
        return place == Place.MISSING ? who.mayCreate(open) : level != null && level.includes(Level.CONTRIBUTOR);
    }

    private void changes() {
        String presence = "{\"instance\":\"tab-1\",\"data\":null}";
        add("PUT " + AGGREGATE + "/presence", ALL, presence, needs(Level.CONTRIBUTOR, (who, place) -> {
            return place.exists() ? "204" : "404 not-found";
        }));
        add(
                "PUT " + AGGREGATE + "/snapshot",
                "",
                ALL,
                "?version=1",
                "{}",
                List.of(),
                Reading.STATUS,
                needs(Level.CONTRIBUTOR, (who, place) -> {
                    if (!place.exists()) {
                        return "404 not-found";
                    }
                    return place.of(who) == Level.OWNER ? "200" : "412 version-conflict";
                }));
        add("POST " + AGGREGATE + "/trim", ALL, "{\"before\":1}", needs(Level.OWNER, (who, place) -> {
            return place.exists() ? "200" : "404 not-found";
        }));
        conditional("DELETE " + AGGREGATE, null, needs(Level.OWNER, (who, place) -> {
            return place.exists() ? "412 version-conflict" : "404 not-found";
        }));
        conditional("PATCH " + AGGREGATE + "/access", "{}", patchesAccess());
        add("POST " + AGGREGATE + "/revoke", ALL, GRANTEE, needs(Level.OWNER, (who, place) -> {
            return afterDeleteToo(place, "200");
        }));
        add("POST " + AGGREGATE + "/shares", ALL, "{\"level\":\"reader\"}", needs(Level.OWNER, (who, place) -> {
            return afterDeleteToo(place, "201");
        }));
        add("DELETE " + AGGREGATE + "/shares/{share}", ALL, needs(Level.OWNER, (who, place) -> {
            return afterDeleteToo(place, "204");
        }));
    }

    private void conditional(String address, String body, Expected expected) {
        add(address, "", ALL, "", body, List.of("If-Match", "\"999999\""), Reading.STATUS, expected);
    }

    /** Access may be set before the first event, by whoever may create. */
    private static Expected patchesAccess() {
        Expected existing = needs(Level.OWNER, (who, place) -> "412 version-conflict");
        return known((who, place, open) -> {
            if (place != Place.MISSING) {
                return existing.of(who, place, open);
            }
            return who.mayCreate(open) ? "412 version-conflict" : "404 not-found";
        });
    }

    private static String afterDeleteToo(Place place, String answer) {
        return place == Place.MISSING ? "404 not-found" : answer;
    }

    /** Everybody who is let in is answered the same. */
    private static Expected known(String answer) {
        return known((who, place, open) -> answer);
    }

    private static Expected known(Expected answer) {
        return (who, place, open) -> who.turnedAway() == null ? answer.of(who, place, open) : who.turnedAway();
    }

    private static Expected admins(String answer) {
        return known((who, place, open) -> who.isAdmin() ? answer : "403 access-denied");
    }

    /** Readers; {@code ofSystem}: there is such a thing of the access beside, too. */
    private static Expected readers(boolean ofSystem) {
        return known((who, place, open) -> {
            boolean isThere = place.exists() || place == Place.SYSTEM && ofSystem;
            return isThere && place.of(who) != null ? "200" : "404 not-found";
        });
    }

    /** What needs a level: without any it is not found, with less it is denied; the system's is nobody's. */
    private static Expected needs(Level needed, BiFunction<Who, Place, String> answer) {
        return known((who, place, open) -> {
            if (place == Place.SYSTEM) {
                return "403 access-denied";
            }
            Level level = place.of(who);
            if (level == null) {
                return "404 not-found";
            }
            return level.includes(needed) ? answer.apply(who, place) : "403 access-denied";
        });
    }
}
