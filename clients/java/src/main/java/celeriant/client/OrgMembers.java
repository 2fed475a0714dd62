package celeriant.client;

import celeriant.client.access.Grantee;
import celeriant.client.access.Role;
import celeriant.client.access.Secret;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Who belongs to the org: for its admins. Stages fail with {@link RefusedException}, {@code access-denied} for who is
 * none. Any thread.
 */
public final class OrgMembers {
    private final Requests requests;

    OrgMembers(Requests requests) {
        this.requests = requests;
    }

    /** The members and their roles. */
    public CompletionStage<Map<Grantee, Role>> read() {
        return requests.call("GET", "/members", null, OrgMembers::roles);
    }

    /** Gives a role; null takes it away. */
    public CompletionStage<Map<Grantee, Role>> set(Grantee who, Role role) {
        Map<String, Object> member = new HashMap<>(who.fields());
        member.put("role", role == null ? null : role.word());
        return requests.call("PATCH", "/members", Map.of("members", List.of(member)), OrgMembers::roles);
    }

    /**
     * Creates an invitation to the org: who redeems it is a member.
     *
     * @param expires RFC 3339, or null
     * @param uses how often it can be redeemed; 0 = any number of times
     */
    public CompletionStage<Secret> invite(String expires, long uses) {
        return requests.call("POST", "/shares", wish("role", Role.MEMBER.word(), expires, uses), OrgMembers::secret);
    }

    /** Nobody can redeem it any more; who has, keeps what it gave. */
    public CompletionStage<Void> withdraw(String invitationId) {
        return requests.call("DELETE", "/shares/" + invitationId, null, nothing -> null);
    }

    static Map<String, Object> wish(String name, String word, String expires, long uses) {
        Map<String, Object> wish = new HashMap<>();
        wish.put(name, word);
        if (expires != null) {
            wish.put("expires", expires);
        }
        if (uses > 0) {
            wish.put("uses", uses);
        }
        return wish;
    }

    static Secret secret(Map<?, ?> fields) {
        return new Secret((String) fields.get("id"), (String) fields.get("secret"));
    }

    private static Map<Grantee, Role> roles(Map<?, ?> fields) {
        Map<Grantee, Role> roles = new LinkedHashMap<>();
        for (Object one : (List<?>) fields.get("members")) {
            Map<?, ?> member = (Map<?, ?>) one;
            roles.put(Grantee.of(member), Role.ofWord((String) member.get("role")));
        }
        return roles;
    }
}
