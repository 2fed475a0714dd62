/**
 * Who may do what: levels per aggregate, members of an org, shares, revocation. All of it is events of {@code $access}
 * aggregates in the same log, keyed by whom they are about, so that a current right is one register look-up. Decides
 * and shapes; knows no HTTP.
 */
package celeriant.gateway.access;
