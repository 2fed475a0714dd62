package celeriant.wire;

/**
 * The signature algorithms that are taken: exactly these. {@code EdDSA} (RFC 8037) and {@code Ed25519} (RFC 9864) name
 * the same one.
 */
public enum JwsAlgorithm {
    ES256("ES256", Jwk.Curve.P256),
    EDDSA("EdDSA", Jwk.Curve.ED25519),
    ED25519("Ed25519", Jwk.Curve.ED25519);

    private final String word;
    private final Jwk.Curve curve;

    JwsAlgorithm(String word, Jwk.Curve curve) {
        this.word = word;
        this.curve = curve;
    }

    /** As the header {@code alg} spells it. */
    public String word() {
        return word;
    }

    /** The only curve whose keys it goes with. */
    public Jwk.Curve curve() {
        return curve;
    }

    static JwsAlgorithm ofWord(Object word) throws BadProofException {
        for (JwsAlgorithm algorithm : values()) {
            if (algorithm.word.equals(word)) {
                return algorithm;
            }
        }
        throw new BadProofException("alg is one of ES256, EdDSA, Ed25519");
    }
}
