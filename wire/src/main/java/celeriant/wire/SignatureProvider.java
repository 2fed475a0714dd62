package celeriant.wire;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;

/**
 * Makes and checks signatures: the seam for a faster library than the JDK's, whose check of a P-256 signature takes
 * more than a millisecond. Any thread.
 */
public interface SignatureProvider {
    /**
     * Whether {@code signature} (r and s of 32 bytes each, or the 64 bytes of Ed25519) is the key's over the message.
     */
    boolean verify(JwsAlgorithm algorithm, PublicKey key, byte[] message, byte[] signature)
            throws GeneralSecurityException;

    /** Signs in the form that {@link #verify} takes. */
    byte[] sign(JwsAlgorithm algorithm, PrivateKey key, byte[] message) throws GeneralSecurityException;

    /** What the JDK brings. */
    static SignatureProvider jdk() {
        return of(null);
    }

    /** One that asks {@code provider}; null = the JDK's order of providers. */
    static SignatureProvider of(Provider provider) {
        return new SignatureProvider() {
            @Override
            public boolean verify(JwsAlgorithm algorithm, PublicKey key, byte[] message, byte[] signature)
                    throws GeneralSecurityException {
                Signature verifier = signature(algorithm);
                verifier.initVerify(key);
                verifier.update(message);
                return verifier.verify(signature);
            }

            @Override
            public byte[] sign(JwsAlgorithm algorithm, PrivateKey key, byte[] message) throws GeneralSecurityException {
                Signature signer = signature(algorithm);
                signer.initSign(key);
                signer.update(message);
                return signer.sign();
            }

            private Signature signature(JwsAlgorithm algorithm) throws GeneralSecurityException {
                String name = algorithm.curve() == Jwk.Curve.P256 ? "SHA256withECDSAinP1363Format" : "Ed25519";
                return provider == null ? Signature.getInstance(name) : Signature.getInstance(name, provider);
            }
        };
    }
}
