package celeriant.app;

import celeriant.wire.SignatureProvider;
import java.security.Provider;

/**
 * The checks of device proofs by the Amazon Corretto Crypto Provider where it runs (Linux on x86-64 and ARM), some
 * twenty times as fast as the JDK's own; elsewhere by the JDK's. Loaded by name: the product runs without it.
 */
final class FastSignatures {
    private static final String PROVIDER = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private FastSignatures() {}

    static SignatureProvider find() {
        try {
            Provider provider =
                    (Provider) Class.forName(PROVIDER).getField("INSTANCE").get(null);
            // Asks the native library; a JVM on which it cannot be loaded says so here and not at the first proof.
            boolean works = provider.getService("Signature", "SHA256withECDSAinP1363Format") != null
                    && provider.getService("Signature", "Ed25519") != null;
            return works ? SignatureProvider.of(provider) : SignatureProvider.jdk();
        } catch (ReflectiveOperationException | LinkageError e) {
            return SignatureProvider.jdk();
        }
    }
}
