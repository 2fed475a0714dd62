package celeriant.gateway.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One provider as its discovery document shows it: its keys, which are kept and fetched again when a token names one
 * that is not among them, and the rules that a token must meet. Any thread; the first token, and one with a new key,
 * waits for the network.
 */
final class OidcProvider {
    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 3_000;
    private static final int DOCUMENT_BYTES_MAX = 256 * 1024;
    private static final long KEYS_LIFE_MILLIS = 300_000;
    private static final long KEYS_WAIT_MILLIS = 7_000;
    private static final long KEYS_INTERVAL_MILLIS = 10_000;
    private static final long KEYS_OUTAGE_MILLIS = 3_600_000;
    private static final int CLOCK_SKEW_SECONDS = 60;

    /** Signatures by a provider's private key only: no secrets that are shared, no "none". */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final OidcIssuer issuer;
    private final InstantSource clock;
    private final DefaultJWTProcessor<SecurityContext> idTokens;
    private final DefaultJWTProcessor<SecurityContext> accessTokens;

    private OidcProvider(OidcIssuer issuer, JWKSource<SecurityContext> keys, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
        idTokens = processor(keys, JOSEObjectType.JWT, null);
        // RFC 9068 asks for at+jwt, which not every provider writes.
        accessTokens = processor(
                keys, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), JOSEObjectType.JWT, null);
    }

    /**
     * Asks the provider.
     *
     * @throws IOException if it cannot be reached, or does not describe the issuer that was asked for
     */
    static OidcProvider discover(OidcIssuer issuer, InstantSource clock) throws IOException {
        DefaultResourceRetriever web = new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, DOCUMENT_BYTES_MAX);
        String text = web.retrieveResource(issuer.discovery().toURL()).getContent();
        JWKSource<SecurityContext> keys = JWKSourceBuilder.<SecurityContext>create(
                        keysAddress(issuer, text).toURL(), web)
                .cache(KEYS_LIFE_MILLIS, KEYS_WAIT_MILLIS)
                .refreshAheadCache(false)
                .rateLimited(KEYS_INTERVAL_MILLIS)
                .outageTolerant(KEYS_OUTAGE_MILLIS)
                .build();
        return new OidcProvider(issuer, keys, clock);
    }

    private static URI keysAddress(OidcIssuer issuer, String discovered) throws IOException {
        try {
            JsonNode document = JsonMapper.builder().build().readTree(discovered);
            if (!document.path("issuer").asString("").equals(issuer.url())) {
                throw new IOException("it describes another issuer: " + document.path("issuer"));
            }
            URI keys = URI.create(document.path("jwks_uri").asString(""));
            if (!OidcIssuer.isTrusted(keys)) {
                throw new IOException("its jwks_uri is neither https nor on loopback: " + keys);
            }
            return keys;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException("its discovery document cannot be read", e);
        }
    }

    /** The claims of an ID token that holds. */
    JWTClaimsSet idToken(SignedJWT token) throws BadJOSEException, JOSEException {
        JWTClaimsSet claims = idTokens.process(token, null);
        Object party = claims.getClaim("azp");
        if (party != null && !issuer.audiences().contains(party)) {
            throw new BadJOSEException("it was made for another application (azp)");
        }
        return claims;
    }

    /** The claims of an access token that holds. */
    JWTClaimsSet accessToken(SignedJWT token) throws BadJOSEException, JOSEException {
        return accessTokens.process(token, null);
    }

    private DefaultJWTProcessor<SecurityContext> processor(JWKSource<SecurityContext> keys, JOSEObjectType... types) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(types));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        Claims claims = new Claims();
        claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
        return processor;
    }

    /** Issuer, audience, subject and times, by the gateway's clock. */
    private final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
        Claims() {
            super(
                    issuer.audiences(),
                    new JWTClaimsSet.Builder().issuer(issuer.url()).build(),
                    Set.of("sub", "exp", "iat"),
                    Set.of());
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }
    }
}
