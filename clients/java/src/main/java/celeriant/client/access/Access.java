package celeriant.client.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may do what with an aggregate.
 *
 * @param grants levels that clients and persons have by name
 * @param revoked whom the aggregate was taken from, whatever else would let them in
 * @param everyone what every client that proves a key may, or null
 * @param shares invitations that can still be redeemed
 */
public record Access(Map<Grantee, Level> grants, List<Grantee> revoked, Level everyone, List<Share> shares) {
    public Access {
        grants = Map.copyOf(grants);
        revoked = List.copyOf(revoked);
        shares = List.copyOf(shares);
    }

    /**
     * Reads the protocol's form.
     *
     * @throws ClassCastException if it is of another shape
     */
    public static Access of(Map<?, ?> fields) {
        Map<Grantee, Level> grants = new LinkedHashMap<>();
        for (Object one : list(fields.get("grants"))) {
            Map<?, ?> grant = (Map<?, ?>) one;
            grants.put(Grantee.of(grant), Level.ofWord((String) grant.get("level")));
        }
        List<Grantee> revoked = new ArrayList<>();
        list(fields.get("revoked")).forEach(one -> revoked.add(Grantee.of((Map<?, ?>) one)));
        List<Share> shares = new ArrayList<>();
        for (Object one : list(fields.get("shares"))) {
            Map<?, ?> share = (Map<?, ?>) one;
            long uses = share.get("uses") instanceof Long left ? left : 0;
            shares.add(new Share(
                    (String) share.get("id"),
                    Level.ofWord((String) share.get("level")),
                    (String) share.get("expires"),
                    uses));
        }
        return new Access(grants, revoked, Level.ofWord((String) fields.get("public")), shares);
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }
}
