package celeriant.gateway.operator;

import celeriant.gateway.access.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The operator's file as a value:
 *
 * <pre>
 * {"format": 1,
 *  "orgs": {"acme": {"admission": "open" | "members"}},
 *  "keys": [{"id", "org", "name", "scope": "read" | "append" | "admin", "hash"}]}
 * </pre>
 *
 * @param orgs by name: whether any proved device may create aggregates
 */
public record OperatorState(Map<String, Boolean> orgs, List<ApiKey> keys) {
    /** 1: orgs and keys. */
    private static final int FORMAT = 1;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String OPEN = "open";
    private static final String MEMBERS = "members";

    public static final OperatorState EMPTY = new OperatorState(Map.of(), List.of());

    public OperatorState {
        orgs = Map.copyOf(orgs);
        keys = List.copyOf(keys);
    }

    OperatorState withOrg(String name, boolean open) {
        Map<String, Boolean> more = new TreeMap<>(orgs);
        more.put(name, open);
        return new OperatorState(more, keys);
    }

    /** @throws IllegalArgumentException if it would share a client with another backend of the org */
    OperatorState withKey(ApiKey key) {
        requireOwnClients(key);
        List<ApiKey> more = new ArrayList<>(keys);
        more.add(key);
        return new OperatorState(orgs, more);
    }

    /**
     * A key is the client of its name and of that, a dot and more. Two backends of which one is named as an instance of
     * the other could append as one client, in each other's name. Another key of a backend that is here changes
     * nothing.
     */
    private void requireOwnClients(ApiKey key) {
        List<ApiKey> near = keys.stream()
                .filter(other -> other.org().equals(key.org()))
                .filter(other -> key.isForInstanceOf(other) || other.isForInstanceOf(key))
                .toList();
        boolean known = keys.stream()
                .anyMatch(other -> other.org().equals(key.org()) && other.name().equals(key.name()));
        if (!known && !near.isEmpty()) {
            ApiKey other = near.getFirst();
            throw new IllegalArgumentException("name \"" + key.name() + "\" and \"" + other.name() + "\" of the key "
                    + other.id() + " could append as one client (a name, a dot and more are an instance of the name); "
                    + "take another name, or delete that key");
        }
    }

    OperatorState withoutKey(String id) {
        return new OperatorState(
                orgs, keys.stream().filter(key -> !key.id().equals(id)).toList());
    }

    byte[] toJson() {
        ObjectNode root = JSON.createObjectNode().put("format", FORMAT);
        ObjectNode named = root.putObject("orgs");
        new TreeMap<>(orgs).forEach((name, open) -> named.putObject(name).put("admission", open ? OPEN : MEMBERS));
        ArrayNode listed = root.putArray("keys");
        for (ApiKey key : keys) {
            listed.addObject()
                    .put("id", key.id())
                    .put("org", key.org())
                    .put("name", key.name())
                    .put("scope", key.scope().name().toLowerCase(Locale.ROOT))
                    .put("hash", key.hash());
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    }

    /**
     * @throws IllegalArgumentException saying what is wrong, for a file that was damaged or written by a newer version
     */
    static OperatorState ofJson(byte[] text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (root.path("format").asInt(0) != FORMAT) {
                throw new IllegalArgumentException("format " + root.path("format") + " is unknown; this version reads "
                        + FORMAT + ": it was written by a newer version, or damaged");
            }
            Map<String, Boolean> orgs = new LinkedHashMap<>();
            root.path("orgs")
                    .properties()
                    .forEach(org -> orgs.put(
                            org.getKey(),
                            org.getValue().path("admission").asString().equals(OPEN)));
            List<ApiKey> keys = new ArrayList<>();
            for (JsonNode key : root.path("keys")) {
                keys.add(new ApiKey(
                        key.path("id").asString(),
                        key.path("org").asString(),
                        key.path("name").asString(),
                        Principal.Scope.valueOf(key.path("scope").asString().toUpperCase(Locale.ROOT)),
                        key.path("hash").asString()));
            }
            return new OperatorState(orgs, keys);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
