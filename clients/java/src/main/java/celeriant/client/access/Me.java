package celeriant.client.access;

import celeriant.model.AggregateId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who the gateway takes a client for, and what it may.
 *
 * @param client its client id
 * @param kind {@code device} or {@code key}
 * @param person who is signed in on the device, or null
 * @param role in the org, or null
 * @param aggregates those that were granted to it by name, a page of them
 */
public record Me(String client, String kind, Grantee.Person person, Role role, Map<AggregateId, Level> aggregates) {
    public Me {
        aggregates = Map.copyOf(aggregates);
    }

    /**
     * Reads the protocol's form.
     *
     * @throws ClassCastException if it is of another shape
     */
    public static Me of(Map<?, ?> fields) {
        Map<AggregateId, Level> aggregates = new LinkedHashMap<>();
        if (fields.get("aggregates") instanceof Iterable<?> all) {
            for (Object one : all) {
                Map<?, ?> granted = (Map<?, ?>) one;
                aggregates.put(AggregateId.parse((String) granted.get("aggregate")), Level.ofWord((String)
                        granted.get("level")));
            }
        }
        Grantee.Person person = fields.get("user") instanceof Map<?, ?> ? (Grantee.Person) Grantee.of(fields) : null;
        return new Me(
                (String) fields.get("client"),
                (String) fields.get("kind"),
                person,
                Role.ofWord((String) fields.get("role")),
                aggregates);
    }
}
