package celeriant.gateway.read;

import celeriant.gateway.access.AccessNames;
import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Level;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Exchange;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import java.util.function.BiPredicate;

/**
 * Who may read which aggregate: readers their own, owners the access beside theirs, admins everything. Looks into the
 * log: on a worker.
 */
public final class ReadGuard {
    private final AccessService access;
    private final BiPredicate<String, Principal> isLive;

    /** {@code isLive} tells whether a caller that was let into an org may still come. */
    public ReadGuard(AccessService access, BiPredicate<String, Principal> isLive) {
        this.access = access;
        this.isLive = isLive;
    }

    /** Refuses who is still reading, unless the caller might begin to: its key or its right may have gone. */
    void requireStill(Exchange exchange) {
        if (!isLive.test(exchange.org(), exchange.principal())) {
            throw RefusedException.of(ErrorCode.ACCESS_DENIED, "The API key was withdrawn.");
        }
        require(exchange);
    }

    /** Refuses unless the caller may read the aggregate in the path. */
    void require(Exchange exchange) {
        if (!mayRead(exchange.org(), exchange.principal(), exchange.aggregate())) {
            throw RefusedException.of(
                    ErrorCode.NOT_FOUND, "There is no " + exchange.aggregate() + " that you may know of.");
        }
    }

    boolean mayRead(String org, Principal principal, AggregateId aggregate) {
        if (!aggregate.isSystem()) {
            return access.level(org, principal, aggregate) != null;
        }
        if (access.isAdmin(org, principal)) {
            return true;
        }
        if (!principal.isDevice() || !AccessNames.isBeside(aggregate)) {
            return false;
        }
        Level level = access.level(org, principal, AccessNames.subject(aggregate));
        return level != null && level.includes(Level.OWNER);
    }
}
