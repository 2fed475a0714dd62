package celeriant.gateway.identity;

import celeriant.gateway.access.Grantee;
import java.time.InstantSource;

/** Tokens of persons as the token endpoint gives them, without a provider to log in at. */
public final class PersonTokens {
    private PersonTokens() {}

    /** A token for the key with {@code thumbprint} that stands for the person too. */
    public static String issue(byte[] secret, String thumbprint, String issuer, String subject) {
        return new AccessTokens(secret, InstantSource.system()).issue(thumbprint, new Grantee.User(issuer, subject));
    }
}
