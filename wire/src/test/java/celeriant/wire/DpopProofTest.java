package celeriant.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A device's proof")
class DpopProofTest {
    /** The proof of RFC 9449 section 4.1 (figure 2), for a token request. */
    private static final String RFC_9449_PROOF = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDI"
            + "iwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR"
            + "nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R"
            + "1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwia"
            + "HRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2"
            + "VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLv"
            + "qRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    private static final SignatureProvider JDK = SignatureProvider.jdk();
    private static final DeviceKey KEY = DeviceKey.generate(new SecureRandom());
    private static final DpopProof CLAIMS = new DpopProof(
            new UUID(1, 2), "POST", "https://example.org/v1/o/appends", 1_769_847_300, "nonce-1", "token");

    @Test
    @DisplayName("as RFC 9449 prints one is read and verified, and its key has the thumbprint that the RFC prints")
    void rfc9449Example() throws Exception {
        ParsedProof proof = ParsedProof.parse(RFC_9449_PROOF);
        assertEquals("-BwC3ESc6acc2lTc", proof.jti());
        assertEquals("POST", proof.htm());
        assertEquals("https://server.example.com/token", proof.htu());
        assertTrue(proof.verifySignature(JDK));
        assertEquals("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", proof.key().thumbprint());
    }

    @Test
    @DisplayName("hashes the access token as RFC 9449 section 7.1 does")
    void tokenHash() {
        assertEquals(
                "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo",
                ParsedProof.hashOf("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"));
    }

    @Test
    @DisplayName("with the Ed25519 key of RFC 8037 has the thumbprint that the RFC prints")
    void rfc8037Thumbprint() throws Exception {
        Jwk jwk = Jwk.of(Map.of("kty", "OKP", "crv", "Ed25519", "x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
        assertEquals("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", jwk.thumbprint());
        assertEquals(jwk, Jwk.of(jwk.publicKey()));
    }

    @ParameterizedTest
    @EnumSource(Jwk.Curve.class)
    @DisplayName("that was made here is read back, verified, and bound to its key")
    void roundTrip(Jwk.Curve curve) throws Exception {
        DeviceKey key = DeviceKey.generate(curve, new SecureRandom());
        ParsedProof proof = ParsedProof.parse(CLAIMS.sign(key, JDK));
        assertEquals("nonce-1", proof.nonce());
        assertEquals(ParsedProof.hashOf("token"), proof.ath());
        assertEquals(key.jwk(), proof.key());
        assertTrue(proof.verifySignature(JDK));
        DeviceKey stored = DeviceKey.decode(curve, key.encodedPublic(), key.encodedPrivate());
        assertEquals(key.jwk().thumbprint(), stored.jwk().thumbprint());
        assertTrue(ParsedProof.parse(CLAIMS.sign(stored, JDK)).verifySignature(JDK));
    }

    @Test
    @DisplayName("does not verify when any character of it is changed")
    void everyChange() throws Exception {
        String proof = CLAIMS.sign(KEY, JDK);
        for (int i = 0; i < proof.length(); i++) {
            char other = proof.charAt(i) == 'A' ? 'B' : 'A';
            assertFalse(isBelieved(proof.substring(0, i) + other + proof.substring(i + 1)), "at " + i);
        }
    }

    @Test
    @DisplayName("never fails in an unexpected way when it is mangled")
    void mangled() throws Exception {
        String proof = CLAIMS.sign(KEY, JDK);
        SplittableRandom random = new SplittableRandom(7);
        String alphabet = "AZaz09-_.=+/\u0000\u00e9 \n{}\"";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(proof);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            try {
                ParsedProof.parse(text.toString());
            } catch (BadProofException e) {
                assertFalse(e.getMessage().isEmpty());
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        typ is wrong               | {"typ":"JWT","alg":"ES256","jwk":JWK}
        typ is missing             | {"alg":"ES256","jwk":JWK}
        none                       | {"typ":"dpop+jwt","alg":"none","jwk":JWK}
        symmetric                  | {"typ":"dpop+jwt","alg":"HS256","jwk":JWK}
        RSA                        | {"typ":"dpop+jwt","alg":"RS256","jwk":JWK}
        ES384                      | {"typ":"dpop+jwt","alg":"ES384","jwk":JWK}
        alg is missing             | {"typ":"dpop+jwt","jwk":JWK}
        alg is no string           | {"typ":"dpop+jwt","alg":1,"jwk":JWK}
        alg of another curve       | {"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}
        no key                     | {"typ":"dpop+jwt","alg":"ES256"}
        key elsewhere              | {"typ":"dpop+jwt","alg":"ES256","jwk":JWK,"jku":"https://a.example/k"}
        certificate elsewhere      | {"typ":"dpop+jwt","alg":"ES256","jwk":JWK,"x5u":"https://a.example/k"}
        critical extension         | {"typ":"dpop+jwt","alg":"ES256","jwk":JWK,"crit":["exp"]}
        alg twice                  | {"typ":"dpop+jwt","alg":"ES256","alg":"none","jwk":JWK}
        private key                | {"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"X","y":"Y","d":"X"}}
        another curve              | {"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-384","x":"X","y":"Y"}}
        RSA key                    | {"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"RSA","n":"X","e":"AQAB"}}
        symmetric key              | {"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"oct","k":"X"}}
        point off the curve        | {"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"X","y":"X"}}
        point at nowhere           | {"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"","y":""}}
        not an object              | []
        not JSON                   | {"typ"
        """)
    @DisplayName("is refused for its header")
    void evilHeaders(String what, String header) throws Exception {
        String jwk = KEY.jwk().json();
        String x = jwk.replaceAll(".*\"x\":\"([^\"]*)\".*", "$1");
        String y = jwk.replaceAll(".*\"y\":\"([^\"]*)\".*", "$1");
        String evil =
                header.replace("JWK", jwk).replace("\"X\"", "\"" + x + "\"").replace("\"Y\"", "\"" + y + "\"");
        String[] parts = CLAIMS.sign(KEY, JDK).split("\\.");
        String proof = base64(evil) + "." + parts[1] + "." + parts[2];
        assertThrows(BadProofException.class, () -> ParsedProof.parse(proof), what);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"htm":"POST","htu":"u","iat":1}
        {"jti":"","htm":"POST","htu":"u","iat":1}
        {"jti":7,"htm":"POST","htu":"u","iat":1}
        {"jti":"j","htu":"u","iat":1}
        {"jti":"j","htm":"POST","iat":1}
        {"jti":"j","htm":"POST","htu":"u"}
        {"jti":"j","htm":"POST","htu":"u","iat":"1"}
        {"jti":"j","htm":"POST","htu":"u","iat":1,"nonce":1}
        {"jti":"j","htm":"POST","htu":"u","iat":1,"jti":"k"}
        """)
    @DisplayName("is refused for its claims")
    void evilClaims(String claims) throws Exception {
        String[] parts = CLAIMS.sign(KEY, JDK).split("\\.");
        String proof = parts[0] + "." + base64(claims) + "." + parts[2];
        assertThrows(BadProofException.class, () -> ParsedProof.parse(proof));
    }

    @Test
    @DisplayName("is refused when r or s is 0 or not below the order, before any provider is asked")
    void signatureOutOfRange() throws Exception {
        String proof = CLAIMS.sign(KEY, JDK);
        String signed = proof.substring(0, proof.lastIndexOf('.') + 1);
        byte[] good = Base64Strict.decodeUrl(proof.substring(signed.length()));
        byte[] order = Jwk.P256.getOrder().toByteArray();
        for (int half = 0; half < 2; half++) {
            for (BigInteger scalar : new BigInteger[] {BigInteger.ZERO, new BigInteger(1, order)}) {
                byte[] evil = good.clone();
                byte[] bytes = scalar.toByteArray();
                Arrays.fill(evil, half * 32, half * 32 + 32, (byte) 0);
                int count = Math.min(bytes.length, 32);
                System.arraycopy(bytes, bytes.length - count, evil, half * 32 + 32 - count, count);
                String text = signed + Base64Strict.encodeUrl(evil);
                assertThrows(BadProofException.class, () -> ParsedProof.parse(text));
            }
        }
    }

    @Test
    @DisplayName("is refused when it is longer than the limit, has other than three parts, or padding")
    void shape() throws Exception {
        String proof = CLAIMS.sign(KEY, JDK);
        assertThrows(BadProofException.class, () -> ParsedProof.parse(""));
        assertThrows(BadProofException.class, () -> ParsedProof.parse(proof + "."));
        assertThrows(BadProofException.class, () -> ParsedProof.parse(proof + "="));
        assertThrows(BadProofException.class, () -> ParsedProof.parse(proof.substring(0, proof.lastIndexOf('.'))));
        assertThrows(BadProofException.class, () -> ParsedProof.parse(proof + "A".repeat(4_096)));
    }

    private static boolean isBelieved(String proof) {
        try {
            return ParsedProof.parse(proof).verifySignature(JDK);
        } catch (BadProofException e) {
            return false;
        }
    }

    private static String base64(String text) {
        return Base64Strict.encodeUrl(text.getBytes(StandardCharsets.UTF_8));
    }
}
