package celeriant.gateway.tls;

import java.nio.file.Path;

/**
 * Where the certificate is with which the gateway speaks TLS: two PEM files, or one PKCS12 file. The files are read
 * again when they change.
 *
 * @param certificate PEM file of the certificate, with those that lead to its root behind it
 * @param key PEM file of its private key (PKCS8, not encrypted)
 * @param keyStore PKCS12 file with both, instead of the two
 * @param passwordFile file whose first line is the key store's password; none: it is empty
 */
public record TlsConfig(Path certificate, Path key, Path keyStore, Path passwordFile) {
    /** Without TLS. */
    public static final TlsConfig NONE = new TlsConfig(null, null, null, null);

    public TlsConfig {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException((certificate == null ? "certificate" : "key")
                    + " is missing: the certificate and its key are given together");
        }
        if (certificate != null && keyStore != null) {
            throw new IllegalArgumentException("keyStore has the certificate and the key: give it or them");
        }
        if (passwordFile != null && keyStore == null) {
            throw new IllegalArgumentException("passwordFile is for keyStore, which is missing");
        }
    }

    public static TlsConfig pem(Path certificate, Path key) {
        return new TlsConfig(certificate, key, null, null);
    }

    public static TlsConfig pkcs12(Path keyStore, Path passwordFile) {
        return new TlsConfig(null, null, keyStore, passwordFile);
    }

    public boolean isSet() {
        return certificate != null || keyStore != null;
    }
}
