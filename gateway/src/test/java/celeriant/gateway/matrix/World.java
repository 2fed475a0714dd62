package celeriant.gateway.matrix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.Gateway;
import celeriant.gateway.Reply;
import celeriant.gateway.TestDevice;
import celeriant.gateway.access.Principal;
import celeriant.gateway.identity.PersonTokens;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.operator.OperatorFile;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A gateway with an org that is open and one that is not, the same aggregates in both, and every kind of caller. */
public final class World implements AutoCloseable {
    static final String OPEN = "open";
    static final String CLOSED = "closed";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ISSUER = "https://people.example";

    private final Map<Who, TestDevice> devices = new EnumMap<>(Who.class);
    private final byte[] tokenSecret = random(32);
    private final InMemoryEventLog log;
    private final Gateway gateway;
    private final Map<String, Map<Who, Caller>> callers;

    /** The operator's file is made in {@code folder}. */
    public World(Path folder) throws IOException, InterruptedException {
        OperatorFile file = new OperatorFile(folder);
        file.putOrg(OPEN, true);
        file.putOrg(CLOSED, false);
        String other = file.createKey("another", "other", Principal.Scope.ADMIN, World::random);
        String withdrawn = file.createKey(OPEN, "withdrawn", Principal.Scope.ADMIN, World::random);
        file.deleteKey(withdrawn.split("_")[1]);
        Map<String, Map<Principal.Scope, String>> keys = Map.of(OPEN, keys(file, OPEN), CLOSED, keys(file, CLOSED));
        Operator operator = new Operator(file, Optional.empty());
        log = new InMemoryEventLog(Gateway.admission(operator));
        gateway =
                Gateway.builder(log).operator(operator).tokenSecret(tokenSecret).start();
        callers = Map.of(
                OPEN, callers(keys.get(OPEN), other, withdrawn), CLOSED, callers(keys.get(CLOSED), other, withdrawn));
        build(OPEN);
        build(CLOSED);
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static Map<Principal.Scope, String> keys(OperatorFile file, String org) {
        Map<Principal.Scope, String> keys = new EnumMap<>(Principal.Scope.class);
        for (Principal.Scope scope : Principal.Scope.values()) {
            keys.put(scope, file.createKey(org, "of-" + scope.name(), scope, World::random));
        }
        return keys;
    }

    private Map<Who, Caller> callers(Map<Principal.Scope, String> keys, String other, String withdrawn) {
        Map<Who, Caller> made = new EnumMap<>(Who.class);
        for (Who who : Who.values()) {
            made.put(
                    who,
                    switch (who) {
                        case NOBODY -> Caller.plain(gateway.url());
                        case FORGED_KEY -> bearer(keys.get(Principal.Scope.ADMIN) + "0");
                        case WITHDRAWN_KEY -> bearer(withdrawn);
                        case OTHER_ORGS_KEY -> bearer(other);
                        case KEY_IN_A_PAGE ->
                            Caller.plain(
                                    gateway.url(),
                                    "Authorization",
                                    "Bearer " + keys.get(Principal.Scope.ADMIN),
                                    "Origin",
                                    "https://page.example");
                        case KEY_READ -> bearer(keys.get(Principal.Scope.READ));
                        case KEY_APPEND -> bearer(keys.get(Principal.Scope.APPEND));
                        case KEY_ADMIN -> bearer(keys.get(Principal.Scope.ADMIN));
                        case THIEF -> Caller.thief(device(Who.THIEF), device(Who.OWNER));
                        case STRANGER, MEMBER, ORG_ADMIN, OWNER, CONTRIBUTOR, READER, PERSON, INVITED, REVOKED ->
                            Caller.device(device(who));
                    });
        }
        return made;
    }

    private Caller bearer(String key) {
        return Caller.plain(gateway.url(), "Authorization", "Bearer " + key);
    }

    private TestDevice device(Who who) {
        return devices.computeIfAbsent(who, unused -> {
            TestDevice device = new TestDevice(gateway.url());
            if (who == Who.PERSON) {
                device.nonce();
                device.hold(PersonTokens.issue(tokenSecret, device.client(), ISSUER, "anna"));
            }
            return device;
        });
    }

    private void build(String org) throws IOException, InterruptedException {
        change(
                org,
                Who.KEY_ADMIN,
                "PATCH",
                "/v1/" + org + "/members",
                "{\"members\":[" + role(Who.ORG_ADMIN, "admin") + "," + role(Who.MEMBER, "member") + ","
                        + role(Who.OWNER, "member") + "]}");
        for (Place place : List.of(Place.PRIVATE, Place.PUBLIC, Place.COMMONS, Place.DELETED)) {
            String path = "/v1/" + org + "/" + place.aggregate();
            change(org, Who.OWNER, "PATCH", path + "/access", "{}");
            change(org, Who.KEY_ADMIN, "POST", path + "/events", "{\"type\":\"drawn\",\"key\":\"a\",\"data\":1}");
            change(org, Who.OWNER, "PUT", path + "/snapshot?version=1", "{}");
            change(
                    org,
                    Who.OWNER,
                    "POST",
                    path + "/revoke",
                    "{\"client\":\"" + device(Who.REVOKED).client() + "\"}");
        }
        String base = "/v1/" + org + "/";
        change(org, Who.OWNER, "PATCH", base + "canvas/public/access", "{\"public\":\"reader\"}");
        change(org, Who.OWNER, "PATCH", base + "canvas/commons/access", "{\"public\":\"contributor\"}");
        change(
                org,
                Who.OWNER,
                "PATCH",
                base + "canvas/private/access",
                "{\"grants\":["
                        + level(Who.READER, "reader") + "," + level(Who.CONTRIBUTOR, "contributor")
                        + ",{\"user\":{\"iss\":\""
                        + ISSUER + "\",\"sub\":\"anna\"},\"level\":\"contributor\"}]}");
        String secret = change(org, Who.OWNER, "POST", base + "canvas/private/shares", "{\"level\":\"reader\"}")
                .json()
                .get("secret")
                .asString();
        change(org, Who.INVITED, "POST", base + "shares/redeem", "{\"secret\":\"" + secret + "\"}");
        change(org, Who.OWNER, "DELETE", base + "canvas/deleted", null);
        for (Place place : List.of(Place.PRIVATE, Place.PUBLIC, Place.COMMONS)) {
            String events = base + place.aggregate() + "/events";
            change(org, Who.KEY_ADMIN, "POST", events, "{\"type\":\"drawn\",\"key\":\"a\",\"data\":2}");
        }
    }

    private String role(Who who, String role) {
        return "{\"client\":\"" + device(who).client() + "\",\"role\":\"" + role + "\"}";
    }

    private String level(Who who, String level) {
        return "{\"client\":\"" + device(who).client() + "\",\"level\":\"" + level + "\"}";
    }

    private Reply change(String org, Who who, String method, String path, String body)
            throws IOException, InterruptedException {
        Reply reply = new Reply(HTTP.send(
                callers.get(org).get(who).request(method, path, body, List.of()), BodyHandlers.ofByteArray()));
        assertTrue(reply.status() < 300, () -> who + " " + method + " " + path + ": " + reply);
        return reply;
    }

    /** A new share of {@code place}, or an invitation to the org; "none" where nothing can be shared. */
    String share(String org, Row row, Place place) throws IOException, InterruptedException {
        boolean invitation = row.template().equals("/v1/{org}/shares/{share}");
        if (!invitation && (place == Place.MISSING || place == Place.SYSTEM)) {
            return "none";
        }
        String path = "/v1/" + org + (invitation ? "" : "/" + place.aggregate()) + "/shares";
        String wish = invitation ? "{\"role\":\"member\"}" : "{\"level\":\"reader\"}";
        return change(org, Who.KEY_ADMIN, "POST", path, wish).json().get("id").asString();
    }

    Caller caller(String org, Who who) {
        return callers.get(org).get(who);
    }

    public Gateway gateway() {
        return gateway;
    }

    @Override
    public void close() {
        gateway.close();
        log.close();
    }
}
