package celeriant.gateway.identity;

import celeriant.gateway.access.OrgPolicy;
import java.util.Optional;

/** Which orgs there are, and what each allows. Any thread; must answer quickly, for it is asked on event loops. */
@FunctionalInterface
public interface Orgs {
    /** Any name, open, every device an admin for schemas: for loopback without configuration. */
    Orgs LOCAL = name -> Optional.of(OrgPolicy.LOCAL);

    /** The org's policy; empty if there is no such org. */
    Optional<OrgPolicy> policy(String name);
}
