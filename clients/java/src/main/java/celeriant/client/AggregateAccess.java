package celeriant.client;

import celeriant.client.access.Access;
import celeriant.client.access.Grantee;
import celeriant.client.access.Level;
import celeriant.client.access.Secret;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.model.AggregateId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Who may do what with one aggregate: what an owner's settings page needs. Every change takes effect from a place in
 * the log on, for open streams too. Stages fail with {@link RefusedException}, {@code access-denied} for who is no
 * owner. Any thread. {@snippet file="celeriant/client/SnippetsTest.java" region="access"}
 */
public final class AggregateAccess {
    private final Requests requests;
    private final String path;

    AggregateAccess(Requests requests, AggregateId aggregate) {
        this.requests = requests;
        this.path = "/" + aggregate;
    }

    /** The access as it is now. */
    public CompletionStage<Access> read() {
        return requests.call("GET", path + "/access", null, Access::of);
    }

    /** Gives a level; null takes a grant away. The last owner cannot go. */
    public CompletionStage<Access> grant(Grantee to, Level level) {
        Map<String, Object> grant = new HashMap<>(to.fields());
        grant.put("level", level == null ? null : level.word());
        return requests.call("PATCH", path + "/access", Map.of("grants", List.of(grant)), Access::of);
    }

    /** What everyone may, {@link Level#READER} or {@link Level#CONTRIBUTOR}; null: nothing. */
    public CompletionStage<Access> publish(Level level) {
        Map<String, Object> body = new HashMap<>();
        body.put("public", level == null ? null : level.word());
        return requests.call("PATCH", path + "/access", body, Access::of);
    }

    /** Outranks grants, shares and the public, until an owner grants to that name again. */
    public CompletionStage<Access> revoke(Grantee from) {
        return requests.call("POST", path + "/revoke", from.fields(), Access::of);
    }

    /**
     * Creates a share.
     *
     * @param expires RFC 3339, or null
     * @param uses how often it can be redeemed; 0 = any number of times
     */
    public CompletionStage<Secret> share(Level level, String expires, long uses) {
        return requests.call(
                "POST", path + "/shares", OrgMembers.wish("level", level.word(), expires, uses), OrgMembers::secret);
    }

    /** Nobody can redeem it any more; who has, keeps what it gave. */
    public CompletionStage<Void> withdraw(String shareId) {
        return requests.call("DELETE", path + "/shares/" + shareId, null, nothing -> null);
    }
}
