package celeriant.gateway.identity;

import celeriant.gateway.access.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A backend's key as it is kept: {@code cel_<id>_<secret>} without its secret.
 *
 * @param name the client is {@code svc.<name>}
 * @param hash SHA-256 of the secret, base64url; the secret is random, so that a slow hash would add nothing
 */
public record ApiKey(String id, String org, String name, Principal.Scope scope, String hash) {
    static final String PREFIX = "cel_";

    /** Whether {@code secret} is this key's. */
    boolean hasSecret(String secret) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), hash(secret).getBytes(StandardCharsets.US_ASCII));
    }

    static String hash(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
