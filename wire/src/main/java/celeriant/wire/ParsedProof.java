package celeriant.wire;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A DPoP proof (RFC 9449 section 4.2) that was read but not yet believed: {@link #verifySignature} comes last, since it
 * is what costs. Everything before it (nonce, method, URL, token hash) is compared by the caller. Immutable: any
 * thread.
 *
 * @param htm the method
 * @param htu the URL
 * @param nonce null if there is none
 * @param ath the hash of the access token, null if there is none
 */
public record ParsedProof(
        JwsAlgorithm algorithm,
        Jwk key,
        String jti,
        String htm,
        String htu,
        String nonce,
        String ath,
        byte[] signed,
        byte[] signature) {
    /** A proof of ours takes about 600 characters. */
    public static final int PROOF_CHARS_MAX = 4_096;

    /** An id, a nonce, a hash. */
    public static final int CLAIM_CHARS_MAX = 256;

    /** A URL with the longest names. */
    public static final int URL_CHARS_MAX = 2_048;

    private static final int SIGNATURE_BYTES = 64;

    /** Header parameters that would name a key elsewhere or ask for an extension (RFC 7515 section 4.1). */
    private static final List<String> REFUSED = List.of("jku", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip");

    /**
     * Reads a compact JWS strictly.
     *
     * @throws BadProofException for anything but a DPoP proof with an algorithm and a key that are taken
     */
    public static ParsedProof parse(String proof) throws BadProofException {
        if (proof.length() > PROOF_CHARS_MAX) {
            throw new BadProofException("the proof has more than " + PROOF_CHARS_MAX + " characters");
        }
        int first = proof.indexOf('.');
        int second = proof.indexOf('.', first + 1);
        if (first < 0 || second < 0 || proof.indexOf('.', second + 1) >= 0) {
            throw new BadProofException("the proof is not three parts with dots between them");
        }
        Map<?, ?> header = object(proof.substring(0, first), "header");
        Map<?, ?> claims = object(proof.substring(first + 1, second), "payload");
        JwsAlgorithm algorithm = checkHeader(header);
        if (!(claims.get("iat") instanceof Number)) {
            throw new BadProofException("iat is missing or no number");
        }
        return new ParsedProof(
                algorithm,
                key(header, algorithm),
                claim(claims, "jti", CLAIM_CHARS_MAX, true),
                claim(claims, "htm", CLAIM_CHARS_MAX, true),
                claim(claims, "htu", URL_CHARS_MAX, true),
                claim(claims, "nonce", CLAIM_CHARS_MAX, false),
                claim(claims, "ath", CLAIM_CHARS_MAX, false),
                proof.substring(0, second).getBytes(StandardCharsets.US_ASCII),
                signature(proof.substring(second + 1), algorithm));
    }

    /** What the claim {@code ath} must be for {@code accessToken}. */
    public static String hashOf(String accessToken) {
        return Base64Strict.encodeUrl(Jwk.sha256(accessToken));
    }

    /** Whether the key in the proof made its signature. */
    public boolean verifySignature(SignatureProvider signatures) {
        try {
            return signatures.verify(algorithm, key.publicKey(), signed, signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Map<?, ?> object(String part, String what) throws BadProofException {
        byte[] json = Base64Strict.decodeUrl(part);
        if (json == null) {
            throw new BadProofException("the proof's " + what + " is not base64url");
        }
        try {
            if (JsonTree.read(json) instanceof Map<?, ?> object) {
                return object;
            }
        } catch (BadBodyException e) {
            throw new BadProofException("the proof's " + what + ": " + e.getMessage());
        }
        throw new BadProofException("the proof's " + what + " is not a JSON object");
    }

    private static JwsAlgorithm checkHeader(Map<?, ?> header) throws BadProofException {
        if (!"dpop+jwt".equals(header.get("typ"))) {
            throw new BadProofException("typ is dpop+jwt");
        }
        for (String refused : REFUSED) {
            if (header.containsKey(refused)) {
                throw new BadProofException("the header parameter " + refused + " is not taken");
            }
        }
        return JwsAlgorithm.ofWord(header.get("alg"));
    }

    private static Jwk key(Map<?, ?> header, JwsAlgorithm algorithm) throws BadProofException {
        if (!(header.get("jwk") instanceof Map<?, ?> members)) {
            throw new BadProofException("jwk is missing or no object");
        }
        Jwk key = Jwk.of(members);
        if (key.curve() != algorithm.curve()) {
            throw new BadProofException("alg " + algorithm.word() + " does not go with this key");
        }
        return key;
    }

    private static String claim(Map<?, ?> claims, String name, int charsMax, boolean required)
            throws BadProofException {
        Object value = claims.get(name);
        if (value == null && !required) {
            return null;
        }
        if (value instanceof String text && !text.isEmpty() && text.length() <= charsMax) {
            return text;
        }
        throw new BadProofException(name + " is a string of 1 to " + charsMax + " characters");
    }

    private static byte[] signature(String part, JwsAlgorithm algorithm) throws BadProofException {
        byte[] signature = Base64Strict.decodeUrl(part);
        if (signature == null || signature.length != SIGNATURE_BYTES) {
            throw new BadProofException("the signature is not 64 bytes of base64url");
        }
        if (algorithm.curve() == Jwk.Curve.P256) {
            checkScalar(Arrays.copyOfRange(signature, 0, SIGNATURE_BYTES / 2));
            checkScalar(Arrays.copyOfRange(signature, SIGNATURE_BYTES / 2, SIGNATURE_BYTES));
        }
        return signature;
    }

    /** r and s are in 1..n-1; a provider that forgets to look would take any message for r = s = 0. */
    private static void checkScalar(byte[] bytes) throws BadProofException {
        BigInteger scalar = new BigInteger(1, bytes);
        if (scalar.signum() == 0 || scalar.compareTo(Jwk.P256.getOrder()) >= 0) {
            throw new BadProofException("the signature is out of range");
        }
    }
}
