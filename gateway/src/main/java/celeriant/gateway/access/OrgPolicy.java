package celeriant.gateway.access;

/**
 * What an org allows to those who were granted nothing.
 *
 * @param open whether any proved device may create aggregates (else members only)
 * @param devicesAreAdmins whether every device counts as an admin for schemas: only on loopback without configuration
 */
public record OrgPolicy(boolean open, boolean devicesAreAdmins) {
    public static final OrgPolicy MEMBERS = new OrgPolicy(false, false);
    public static final OrgPolicy OPEN = new OrgPolicy(true, false);
    public static final OrgPolicy LOCAL = new OrgPolicy(true, true);
}
