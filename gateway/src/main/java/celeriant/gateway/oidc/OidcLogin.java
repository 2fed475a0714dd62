package celeriant.gateway.oidc;

import celeriant.gateway.access.Grantee;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.identity.TokenEndpoint;
import celeriant.model.ErrorCode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whose token it is that a person brings from one of the configured providers. A provider is asked for its
 * description when its first token comes, and not again for some seconds when it did not answer. Any thread that may
 * wait for the network.
 */
public final class OidcLogin implements TokenEndpoint.People {
    private static final Logger LOG = LoggerFactory.getLogger(OidcLogin.class);
    private static final String TYPES = "urn:ietf:params:oauth:token-type:";
    private static final int SUBJECT_CHARS_MAX = 255;
    private static final long ASK_AGAIN_MILLIS = 3_000;

    private final Map<String, Site> sites = new HashMap<>();
    private final InstantSource clock;

    public OidcLogin(List<OidcIssuer> issuers, InstantSource clock) {
        this.clock = clock;
        for (OidcIssuer issuer : issuers) {
            if (sites.put(issuer.url(), new Site(issuer)) != null) {
                throw new IllegalArgumentException("OIDC issuer " + issuer.url() + " is named twice");
            }
        }
    }

    @Override
    public Grantee.User verify(String token, String type) {
        boolean isIdToken = type.equals(TYPES + "id_token");
        if (!isIdToken && !type.equals(TYPES + "access_token") && !type.equals(TYPES + "jwt")) {
            throw bad("The subject_token_type is " + TYPES + "id_token, …:access_token or …:jwt.");
        }
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            String issuer = parsed.getJWTClaimsSet().getIssuer();
            Site site = issuer == null ? null : sites.get(issuer);
            if (site == null) {
                throw bad("The subject token's issuer is none of the providers that are configured here.");
            }
            OidcProvider provider = site.provider();
            JWTClaimsSet claims = isIdToken ? provider.idToken(parsed) : provider.accessToken(parsed);
            return new Grantee.User(issuer, subject(claims));
        } catch (ParseException e) {
            throw bad("The subject token is no signed JWT.");
        } catch (KeySourceException e) {
            LOG.info("the keys of an OIDC provider cannot be had: {}", e.getMessage());
            throw unreachable();
        } catch (BadJOSEException | JOSEException e) {
            throw bad("The subject token does not hold: " + e.getMessage());
        }
    }

    private static String subject(JWTClaimsSet claims) {
        String subject = claims.getSubject();
        if (subject.isEmpty() || subject.length() > SUBJECT_CHARS_MAX) {
            throw bad("The subject token's sub has 1 to " + SUBJECT_CHARS_MAX + " characters.");
        }
        return subject;
    }

    private static RefusedException bad(String detail) {
        return RefusedException.of(ErrorCode.BAD_REQUEST, detail);
    }

    private static RefusedException unreachable() {
        return RefusedException.of(ErrorCode.BUSY, "The OIDC provider cannot be asked at the moment; try again.");
    }

    /** One issuer, and its provider when it has answered. */
    private final class Site {
        private final OidcIssuer issuer;
        private OidcProvider provider;
        private long notBeforeMillis = Long.MIN_VALUE;

        Site(OidcIssuer issuer) {
            this.issuer = issuer;
        }

        synchronized OidcProvider provider() {
            if (provider == null) {
                if (clock.millis() < notBeforeMillis) {
                    throw unreachable();
                }
                try {
                    provider = OidcProvider.discover(issuer, clock);
                } catch (IOException e) {
                    notBeforeMillis = clock.millis() + ASK_AGAIN_MILLIS;
                    LOG.info("OIDC provider {} cannot be asked: {}", issuer.url(), e.getMessage());
                    throw unreachable();
                }
            }
            return provider;
        }
    }
}
