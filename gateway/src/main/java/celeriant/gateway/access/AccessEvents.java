package celeriant.gateway.access;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The events of access aggregates, each setting the register of whom or what it is about:
 *
 * <pre>
 * granted, revoked   client:… | user:…     {"client"|"user", "level"} | {"client"|"user", "revoked": true} | null
 * published          public                {"level"} | null
 * share-made …       share:&lt;id&gt;            {"level", "expires"?, "uses"?, "used", "hash"} | null when withdrawn
 * redeemed           redeemed:&lt;id&gt;:&lt;key&gt;   {"level"}
 * member-set         client:… | user:…     {"client"|"user", "role"} | null        (of $access/members)
 * share-indexed      &lt;hash&gt;                {"aggregate"|null, "id"} | null          (of $access/shares)
 * </pre>
 */
final class AccessEvents {
    static final String GRANTED = "granted";
    static final String REVOKED = "revoked";
    static final String PUBLISHED = "published";
    static final String SHARE_CHANGED = "share-changed";
    static final String REDEEMED = "redeemed";
    static final String MEMBER_SET = "member-set";
    static final String SHARE_INDEXED = "share-indexed";

    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final EventData CLEARED = EventData.json("null".getBytes(StandardCharsets.UTF_8));

    private AccessEvents() {}

    static Event granted(AggregateId access, Grantee grantee, Level level) {
        return keyed(
                access,
                GRANTED,
                grantee.key(),
                level == null ? null : named(grantee).put("level", level.word()));
    }

    static Event revoked(AggregateId access, Grantee grantee) {
        return keyed(access, REVOKED, grantee.key(), named(grantee).put("revoked", true));
    }

    static Event published(AggregateId access, Level level) {
        ObjectNode data = level == null ? null : JSON.createObjectNode().put("level", level.word());
        return keyed(access, PUBLISHED, AccessNames.PUBLIC, data);
    }

    static Event memberSet(Grantee grantee, Role role) {
        ObjectNode data = role == null ? null : named(grantee).put("role", role.word());
        return keyed(AccessNames.MEMBERS, MEMBER_SET, grantee.key(), data);
    }

    static Event shareChanged(AggregateId access, Share share) {
        return keyed(access, SHARE_CHANGED, AccessNames.SHARE + share.id(), share.toJson());
    }

    static Event shareWithdrawn(AggregateId access, String id) {
        return keyed(access, SHARE_CHANGED, AccessNames.SHARE + id, null);
    }

    static Event redeemed(AggregateId access, String shareId, Grantee grantee, String given) {
        String key = AccessNames.REDEEMED + shareId + ":" + grantee.key();
        return keyed(access, REDEEMED, key, JSON.createObjectNode().put("given", given));
    }

    /** {@code access} is where the share stands: beside its aggregate, or {@link AccessNames#MEMBERS}. */
    static Event shareIndexed(Share share, AggregateId access) {
        ObjectNode data =
                JSON.createObjectNode().put("access", access.toString()).put("id", share.id());
        return keyed(AccessNames.SHARES, SHARE_INDEXED, share.hash(), data);
    }

    private static ObjectNode named(Grantee grantee) {
        ObjectNode data = JSON.createObjectNode();
        if (grantee instanceof Grantee.User user) {
            data.putObject("user").put("iss", user.iss()).put("sub", user.sub());
        } else if (grantee instanceof Grantee.Client client) {
            data.put("client", client.client().value());
        }
        return data;
    }

    private static Event keyed(AggregateId access, String type, String key, ObjectNode data) {
        return Event.keyed(access, type, key, data == null ? CLEARED : EventData.json(JSON.writeValueAsBytes(data)));
    }

    /** What an access event's data says; empty when it clears its register. */
    static Optional<JsonNode> read(EventData data) {
        if (data.isJsonNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(data.bytes()));
        } catch (JacksonException e) {
            throw new IllegalStateException("an access event that this gateway did not write", e);
        }
    }

    /** The fields of {@code node} that name a grantee. */
    static Grantee grantee(JsonNode node) {
        JsonNode user = node.get("user");
        return user == null
                ? new Grantee.Client(new ClientId(node.get("client").asString()))
                : new Grantee.User(user.get("iss").asString(), user.get("sub").asString());
    }

    static Map<String, Object> toFields(Grantee grantee) {
        return switch (grantee) {
            case Grantee.Client client -> Map.of("client", client.client().value());
            case Grantee.User user -> Map.of("user", Map.of("iss", user.iss(), "sub", user.sub()));
        };
    }
}
