package celeriant.gateway.access;

import celeriant.log.AggregateState;
import celeriant.model.Register;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One access aggregate, read as a whole: who was granted what, who is revoked, whether it is public, its shares. Of
 * {@link AccessNames#MEMBERS}: the roles, as {@code grants}' words, and the invitations.
 *
 * @param version of the access aggregate, 0 if it does not exist; the change that is made on it expects it
 */
record AggregateAccess(
        long version,
        Map<Grantee, String> grants,
        List<Grantee> revoked,
        Level publicLevel,
        Map<String, Share> shares,
        Map<String, String> redeemed) {
    static AggregateAccess read(Optional<AggregateState> state) {
        Map<Grantee, String> grants = new LinkedHashMap<>();
        List<Grantee> revoked = new ArrayList<>();
        Map<String, Share> shares = new LinkedHashMap<>();
        Map<String, String> redeemed = new LinkedHashMap<>();
        Level publicLevel = null;
        if (state.isPresent()) {
            for (Map.Entry<String, Register> entry : state.get().registers().entrySet()) {
                JsonNode data = AccessEvents.read(entry.getValue().data()).orElseThrow();
                String key = entry.getKey();
                if (key.equals(AccessNames.PUBLIC)) {
                    publicLevel = Level.ofWord(data.get("level").asString()).orElseThrow();
                } else if (key.startsWith(AccessNames.SHARE)) {
                    String id = key.substring(AccessNames.SHARE.length());
                    shares.put(id, Share.read(id, data));
                } else if (key.startsWith(AccessNames.REDEEMED)) {
                    redeemed.put(
                            key.substring(AccessNames.REDEEMED.length()),
                            data.get("given").asString());
                } else if (data.has("revoked")) {
                    revoked.add(AccessEvents.grantee(data));
                } else {
                    String word = data.has("level")
                            ? data.get("level").asString()
                            : data.get("role").asString();
                    grants.put(AccessEvents.grantee(data), word);
                }
            }
        }
        long version = state.map(AggregateState::version).orElse(0L);
        return new AggregateAccess(version, grants, revoked, publicLevel, shares, redeemed);
    }

    /** Who owns it now; the caller's to change. */
    Set<Grantee> owners() {
        Set<Grantee> owners = new HashSet<>(grants.keySet());
        owners.removeIf(grantee -> !Level.OWNER.word().equals(grants.get(grantee)));
        return owners;
    }

    /** Whether {@code grantee} redeemed the share already, and what it was given. */
    Optional<String> redeemedBy(String shareId, Grantee grantee) {
        return Optional.ofNullable(redeemed.get(shareId + ":" + grantee.key()));
    }

    /** The body of {@code GET …/access}. */
    Map<String, Object> toFields(Instant now) {
        Map<String, Object> body = new LinkedHashMap<>();
        List<Object> granted = new ArrayList<>();
        grants.forEach((grantee, level) -> granted.add(with(grantee, "level", level)));
        body.put("grants", granted);
        body.put("revoked", revoked.stream().map(AccessEvents::toFields).toList());
        body.put("public", publicLevel == null ? null : publicLevel.word());
        body.put("shares", sharesAs("level", now));
        return body;
    }

    /** The body of {@code GET …/members}. */
    Map<String, Object> toMemberFields(Instant now) {
        Map<String, Object> body = new LinkedHashMap<>();
        List<Object> members = new ArrayList<>();
        grants.forEach((grantee, role) -> members.add(with(grantee, "role", role)));
        body.put("members", members);
        body.put("shares", sharesAs("role", now));
        return body;
    }

    private List<Object> sharesAs(String givesName, Instant now) {
        List<Object> listed = new ArrayList<>();
        for (Share share : shares.values()) {
            if (!share.isSpent(now)) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("id", share.id());
                fields.put(givesName, share.gives());
                if (share.expires() != null) {
                    fields.put("expires", share.expires().toString());
                }
                if (share.uses() > 0) {
                    fields.put("uses", share.uses());
                }
                listed.add(fields);
            }
        }
        return listed;
    }

    private static Map<String, Object> with(Grantee grantee, String name, String value) {
        Map<String, Object> fields = new LinkedHashMap<>(AccessEvents.toFields(grantee));
        fields.put(name, value);
        return fields;
    }
}
