package celeriant.gateway.access;

import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A link that gives whoever redeems it a level on an aggregate, or membership of an org.
 *
 * @param gives the word of the level or of the role
 * @param expires when it lapses, or null
 * @param uses how many clients may redeem it; 0 = any number
 * @param used how many have
 * @param hash of the secret; the secret itself is kept nowhere
 */
record Share(String id, String gives, Instant expires, long uses, long used, String hash) {
    boolean isSpent(Instant now) {
        return uses > 0 && used >= uses || expires != null && !now.isBefore(expires);
    }

    Share usedOnce() {
        return new Share(id, gives, expires, uses, used + 1, hash);
    }

    ObjectNode toJson() {
        ObjectNode json = AccessEvents.JSON
                .createObjectNode()
                .put("gives", gives)
                .put("used", used)
                .put("hash", hash);
        if (expires != null) {
            json.put("expires", expires.toString());
        }
        if (uses > 0) {
            json.put("uses", uses);
        }
        return json;
    }

    static Share read(String id, JsonNode json) {
        JsonNode expires = json.get("expires");
        JsonNode uses = json.get("uses");
        return new Share(
                id,
                json.get("gives").asString(),
                expires == null ? null : Instant.parse(expires.asString()),
                uses == null ? 0 : uses.asLong(),
                json.get("used").asLong(),
                json.get("hash").asString());
    }
}
