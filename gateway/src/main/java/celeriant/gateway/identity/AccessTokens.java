package celeriant.gateway.identity;

import celeriant.gateway.access.Grantee;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonBytes;
import celeriant.wire.JsonTree;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens that devices get for a proof of their key, good for that key alone:
 *
 * <pre>
 * base64url({"jkt": thumbprint, "exp": seconds, "iss"?, "sub"?}) . base64url(HMAC-SHA256 of the first part)
 * </pre>
 *
 * The secret belongs to the data folder, so a restart takes no token away. Any thread.
 */
public final class AccessTokens {
    /** How long a token is good for. */
    public static final long LIFE_SECONDS = 600;

    private static final int TOKEN_CHARS_MAX = 8_192;

    private final SecretKeySpec secret;
    private final InstantSource clock;

    /** What a token says. */
    sealed interface Reading {
        /** Good, for the key with this thumbprint; {@code user} is null unless a person signed in. */
        record Good(String thumbprint, Grantee.User user) implements Reading {}

        /** It was good once. */
        record Expired() implements Reading {}

        /** Not one of ours. */
        record Unknown() implements Reading {}
    }

    public AccessTokens(byte[] secret, InstantSource clock) {
        this.secret = Hmac.key(secret);
        this.clock = clock;
    }

    /** A token for the key with {@code thumbprint}, and for {@code user} if it is not null. */
    String issue(String thumbprint, Grantee.User user) {
        JsonBytes claims = new JsonBytes();
        claims.raw('{').name("jkt").string(thumbprint);
        claims.name("exp").number(clock.instant().getEpochSecond() + LIFE_SECONDS);
        if (user != null) {
            claims.name("iss").string(user.iss()).name("sub").string(user.sub());
        }
        String payload = encode(claims.raw('}').toByteArray());
        return payload + "." + signature(payload);
    }

    Reading read(String token) {
        int dot = token.indexOf('.');
        if (dot < 0 || token.length() > TOKEN_CHARS_MAX) {
            return new Reading.Unknown();
        }
        String payload = token.substring(0, dot);
        byte[] given = ascii(token.substring(dot + 1));
        if (!MessageDigest.isEqual(given, ascii(signature(payload)))) {
            return new Reading.Unknown();
        }
        Map<?, ?> claims = claims(payload);
        if (clock.instant().getEpochSecond() >= (Long) claims.get("exp")) {
            return new Reading.Expired();
        }
        Object iss = claims.get("iss");
        Grantee.User user = iss == null ? null : new Grantee.User((String) iss, (String) claims.get("sub"));
        return new Reading.Good((String) claims.get("jkt"), user);
    }

    private static Map<?, ?> claims(String payload) {
        try {
            return (Map<?, ?>) JsonTree.read(Base64.getUrlDecoder().decode(payload));
        } catch (BadBodyException e) {
            throw new IllegalStateException("a token with a good signature that is not ours", e);
        }
    }

    private String signature(String payload) {
        byte[] message = ascii(payload);
        return encode(Hmac.sign(secret, message, message.length));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
