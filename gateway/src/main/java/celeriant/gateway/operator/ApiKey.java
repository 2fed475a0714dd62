package celeriant.gateway.operator;

import celeriant.gateway.access.Principal;

/**
 * A backend's key as it is kept: never the secret, only its hash.
 *
 * @param id public part of the key, names it in the operator's lists
 * @param org the one org that it is for
 * @param name the backend's name; its client id is {@code svc.<name>}
 * @param hash SHA-256 of the secret, base64url
 */
public record ApiKey(String id, String org, String name, Principal.Scope scope, String hash) {
    /** Whether its name is one that an instance of the other key's backend may take. */
    boolean isForInstanceOf(ApiKey other) {
        return name.startsWith(other.name + ".");
    }
}
