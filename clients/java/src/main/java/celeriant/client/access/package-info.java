/**
 * Who may do what: the values that {@link celeriant.client.AggregateAccess}, {@link celeriant.client.OrgMembers} and
 * {@code me} speak in. May import {@code celeriant.model} alone.
 */
package celeriant.client.access;
