package celeriant.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Objects;

/**
 * A device's key pair: its identity, and what signs its proofs. The private key need not be extractable: a key from an
 * Android keystore or a token works as well. Immutable: any thread.
 */
public final class DeviceKey {
    private final JwsAlgorithm algorithm;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final Jwk jwk;

    private DeviceKey(PublicKey publicKey, PrivateKey privateKey) {
        this.publicKey = publicKey;
        this.privateKey = Objects.requireNonNull(privateKey, "privateKey");
        this.jwk = Jwk.of(publicKey);
        this.algorithm = jwk.curve() == Jwk.Curve.P256 ? JwsAlgorithm.ES256 : JwsAlgorithm.EDDSA;
    }

    /** @throws IllegalArgumentException for a key that is neither P-256 nor Ed25519 */
    public static DeviceKey of(KeyPair pair) {
        return new DeviceKey(pair.getPublic(), pair.getPrivate());
    }

    /** A new P-256 key. */
    public static DeviceKey generate(SecureRandom random) {
        return generate(Jwk.Curve.P256, random);
    }

    public static DeviceKey generate(Jwk.Curve curve, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(curve == Jwk.Curve.P256 ? "EC" : "Ed25519");
            if (curve == Jwk.Curve.P256) {
                generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            } else {
                generator.initialize(255, random);
            }
            return of(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no " + curve + " keys", e);
        }
    }

    /**
     * Reads what {@link #encodedPublic} and {@link #encodedPrivate} gave.
     *
     * @throws GeneralSecurityException if it is not that
     */
    public static DeviceKey decode(Jwk.Curve curve, byte[] encodedPublic, byte[] encodedPrivate)
            throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance(curve == Jwk.Curve.P256 ? "EC" : "Ed25519");
        return new DeviceKey(
                factory.generatePublic(new X509EncodedKeySpec(encodedPublic)),
                factory.generatePrivate(new PKCS8EncodedKeySpec(encodedPrivate)));
    }

    public JwsAlgorithm algorithm() {
        return algorithm;
    }

    public Jwk jwk() {
        return jwk;
    }

    /** X.509 SubjectPublicKeyInfo. */
    public byte[] encodedPublic() {
        return publicKey.getEncoded();
    }

    /** PKCS #8; null for a key that does not leave its store. */
    public byte[] encodedPrivate() {
        return privateKey.getEncoded();
    }

    byte[] sign(String text, SignatureProvider signatures) throws GeneralSecurityException {
        return signatures.sign(algorithm, privateKey, text.getBytes(StandardCharsets.US_ASCII));
    }
}
