package celeriant.client.access;

import celeriant.model.AggregateId;
import java.util.Map;

/**
 * What redeeming a share gave: a level on an aggregate, or a role in the org.
 *
 * @param aggregate or null
 * @param level or null
 * @param role or null
 */
public record Redeemed(AggregateId aggregate, Level level, Role role) {
    /**
     * Reads the protocol's form.
     *
     * @throws ClassCastException if it is of another shape
     */
    public static Redeemed of(Map<?, ?> fields) {
        String aggregate = (String) fields.get("aggregate");
        return new Redeemed(
                aggregate == null ? null : AggregateId.parse(aggregate),
                Level.ofWord((String) fields.get("level")),
                Role.ofWord((String) fields.get("role")));
    }
}
