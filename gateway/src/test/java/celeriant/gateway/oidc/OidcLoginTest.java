package celeriant.gateway.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.gateway.access.Grantee;
import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which tokens say who a person is, and which do not. */
@Timeout(240)
class OidcLoginTest {
    private static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private ScriptedIssuer issuer;
    private OidcLogin login;
    private Instant clock = NOW;

    @BeforeEach
    void start() throws IOException, JOSEException {
        issuer = new ScriptedIssuer();
        login = new OidcLogin(List.of(new OidcIssuer(issuer.url(), Set.of("canvas", "api"))), () -> clock);
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void aTokenThatHoldsNamesIssuerAndSubject() throws JOSEException {
        assertEquals(new Grantee.User(issuer.url(), "anna"), login.verify(good(), ID_TOKEN));
        assertEquals(1, issuer.timesAsked());
        login.verify(good(), ID_TOKEN);
        assertEquals(1, issuer.timesAsked(), "what the provider said is kept");
    }

    @Test
    void aKeyThatTheProviderChangedIsFetched() throws JOSEException {
        login.verify(good(), ID_TOKEN);
        issuer.changeKey("second");
        assertEquals("anna", login.verify(good(), ID_TOKEN).sub());
    }

    @Test
    void claimsThatDoNotHoldAreRefused() throws JOSEException {
        for (JWTClaimsSet claims : List.of(
                issuer.claims(NOW).audience("another-application").build(),
                issuer.claims(NOW).audience((String) null).build(),
                issuer.claims(NOW).subject(null).build(),
                issuer.claims(NOW).subject("").build(),
                issuer.claims(NOW).subject("x".repeat(256)).build(),
                issuer.claims(NOW).expirationTime(null).build(),
                issuer.claims(NOW).issueTime(null).build(),
                issuer.claims(NOW.minusSeconds(700)).build(),
                issuer.claims(NOW)
                        .notBeforeTime(Date.from(NOW.plusSeconds(100)))
                        .build(),
                issuer.claims(NOW).claim("azp", "another-application").build(),
                issuer.claims(NOW).issuer("https://elsewhere.example").build(),
                issuer.claims(NOW).issuer(issuer.url() + "/").build(),
                issuer.claims(NOW).issuer(null).build())) {
            refuses(ErrorCode.BAD_REQUEST, issuer.signed(claims), ID_TOKEN);
        }
    }

    @Test
    void timesAreReadByTheClockOfTheGateway() throws JOSEException {
        String token = good();
        clock = NOW.plusSeconds(659);
        login.verify(token, ID_TOKEN);
        clock = NOW.plusSeconds(661);
        refuses(ErrorCode.BAD_REQUEST, token, ID_TOKEN);
    }

    @Test
    void signaturesThatTheProviderDidNotMakeAreRefused() throws JOSEException {
        JWTClaimsSet claims = issuer.claims(NOW).build();
        refuses(ErrorCode.BAD_REQUEST, new PlainJWT(claims).serialize(), ID_TOKEN);
        SignedJWT shared = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        shared.sign(new MACSigner(issuer.key().toPublicJWK().toJSONString()));
        refuses(ErrorCode.BAD_REQUEST, shared.serialize(), ID_TOKEN);
        ECKey own = new ECKeyGenerator(Curve.P_256).keyID("first").generate();
        SignedJWT embedded = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID("first")
                        .jwk(own.toPublicJWK())
                        .build(),
                claims);
        embedded.sign(new ECDSASigner(own));
        refuses(ErrorCode.BAD_REQUEST, embedded.serialize(), ID_TOKEN);
        refuses(ErrorCode.BAD_REQUEST, good() + "A", ID_TOKEN);
        refuses(ErrorCode.BAD_REQUEST, "no.token", ID_TOKEN);
    }

    @Test
    void aTokenIsTakenForWhatItIsAlone() throws JOSEException {
        JWTClaimsSet claims = issuer.claims(NOW).audience("api").build();
        String access = issuer.signed(claims, new JOSEObjectType("at+jwt"));
        assertEquals("anna", login.verify(access, ACCESS_TOKEN).sub());
        refuses(ErrorCode.BAD_REQUEST, access, ID_TOKEN);
        refuses(ErrorCode.BAD_REQUEST, issuer.signed(claims, new JOSEObjectType("logout+jwt")), ACCESS_TOKEN);
        refuses(ErrorCode.BAD_REQUEST, access, "urn:ietf:params:oauth:token-type:saml2");
    }

    @Test
    void aProviderThatDescribesAnotherIssuerIsNotAsked() throws JOSEException {
        issuer.describeAs("https://elsewhere.example");
        refuses(ErrorCode.BUSY, good(), ID_TOKEN);
    }

    @Test
    void aProviderThatIsDownIsAskedAgainAfterAWhile() throws JOSEException {
        issuer.goDown();
        refuses(ErrorCode.BUSY, good(), ID_TOKEN);
        refuses(ErrorCode.BUSY, good(), ID_TOKEN);
        assertEquals(1, issuer.timesAsked());
        clock = NOW.plusSeconds(4);
        refuses(ErrorCode.BUSY, good(), ID_TOKEN);
        assertEquals(2, issuer.timesAsked());
    }

    @Test
    void issuersAreHttpsOrOnLoopback() {
        new OidcIssuer("https://login.example/realms/main", Set.of("canvas"));
        for (String url :
                List.of("http://login.example", "login.example", "https://a.example?x=1", "ftp://127.0.0.1")) {
            assertThrows(IllegalArgumentException.class, () -> new OidcIssuer(url, Set.of("canvas")), url);
        }
        assertThrows(IllegalArgumentException.class, () -> new OidcIssuer("https://a.example", Set.of()));
    }

    private String good() throws JOSEException {
        return issuer.signed(issuer.claims(clock).build());
    }

    private void refuses(ErrorCode code, String token, String type) {
        RefusedException refused = assertThrows(RefusedException.class, () -> login.verify(token, type));
        assertEquals(code, refused.problem().code(), refused.problem()::detail);
    }
}
