package celeriant.gateway.access;

import celeriant.model.AggregateId;
import celeriant.model.Names;

/** Where access is kept: beside every aggregate one of its own, and two for the org. */
public final class AccessNames {
    /** The org's members and admins, by grantee. */
    public static final AggregateId MEMBERS = new AggregateId("$access", "members");

    /** Every share of the org by the hash of its secret, so that redeeming one is one look-up. */
    public static final AggregateId SHARES = new AggregateId("$access", "shares");

    static final String PUBLIC = "public";
    static final String SHARE = "share:";
    static final String REDEEMED = "redeemed:";

    private AccessNames() {}

    /** The aggregate that holds the access of {@code aggregate}. */
    public static AggregateId of(AggregateId aggregate) {
        return new AggregateId(Names.besideTypeOf(aggregate.type()), aggregate.id());
    }

    /** Whether {@code aggregate} holds the access of another one. */
    public static boolean isBeside(AggregateId aggregate) {
        return Names.isBeside(aggregate.type());
    }

    /** The aggregate whose access {@code access} holds. */
    public static AggregateId subject(AggregateId access) {
        return new AggregateId(Names.besideOf(access.type()), access.id());
    }
}
