package celeriant.gateway.access;

import celeriant.model.ClientId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** To whom a right is given by name: a client, or a person as an OIDC provider names them. */
public sealed interface Grantee {
    /** A device or a backend. */
    record Client(ClientId client) implements Grantee {
        @Override
        public String key() {
            return "client:" + client.value();
        }
    }

    /** A person: the provider's issuer and its subject there, which may be long, so that the key holds their hash. */
    record User(String iss, String sub) implements Grantee {
        @Override
        public String key() {
            return "user:" + hash(iss.length() + ":" + iss + sub);
        }
    }

    /** The register of an access aggregate that holds this grantee's right. */
    String key();

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
