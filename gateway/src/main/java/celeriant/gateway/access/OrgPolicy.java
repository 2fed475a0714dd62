package celeriant.gateway.access;

/**
 * What an org allows to those who were granted nothing.
 *
 * @param open whether any proved device may create aggregates (else members only)
 * @param devicesAreAdmins whether every device counts as an admin for schemas: only on loopback without configuration
 * @param created the public level that an aggregate begins with; null = it is its owner's alone
 */
public record OrgPolicy(boolean open, boolean devicesAreAdmins, Level created) {
    public static final OrgPolicy MEMBERS = new OrgPolicy(false, false, null);
    public static final OrgPolicy OPEN = new OrgPolicy(true, false, null);
    public static final OrgPolicy LOCAL = new OrgPolicy(true, true, null);

    /** As on loopback, and whoever knows an aggregate's name may append to it. */
    public static final OrgPolicy DEMO = new OrgPolicy(true, true, Level.CONTRIBUTOR);
}
