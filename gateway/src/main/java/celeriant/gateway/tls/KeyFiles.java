package celeriant.gateway.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A private key and its certificate chain as they are in the files of a {@link TlsConfig}. That they belong together is
 * tried: while files are being replaced, one may be of yesterday.
 */
record KeyFiles(PrivateKey key, List<X509Certificate> chain) {
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** @throws IOException naming the file and what is wrong with it */
    static KeyFiles read(TlsConfig config) throws IOException {
        KeyFiles files = config.keyStore() == null
                ? pem(config.certificate(), config.key())
                : pkcs12(config.keyStore(), config.passwordFile());
        Path source = config.keyStore() == null ? config.key() : config.keyStore();
        files.requirePair(source);
        return files;
    }

    private static KeyFiles pem(Path certificate, Path key) throws IOException {
        List<X509Certificate> chain = chain(certificate);
        Matcher text = PKCS8.matcher(Files.readString(key));
        if (!text.find()) {
            throw new IOException(key + " has no \"BEGIN PRIVATE KEY\" (PKCS8, not encrypted); make one of another form"
                    + " with: openssl pkcs8 -topk8 -nocrypt -in " + key.getFileName());
        }
        String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
        try {
            byte[] der = Base64.getMimeDecoder().decode(text.group(1));
            return new KeyFiles(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)), chain);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(key + " is no " + algorithm + " key, as the certificate's: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> chain(Path file) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (chain.isEmpty()) {
                throw new IOException(file + " has no certificate");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " is no PEM file of certificates: " + e.getMessage(), e);
        }
    }

    private static KeyFiles pkcs12(Path file, Path passwordFile) throws IOException {
        char[] password = passwordFile == null ? new char[0] : firstLine(passwordFile);
        byte[] bytes = Files.readAllBytes(file);
        try {
            KeyStore store = open(bytes, password);
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.getKey(alias, password);
                Certificate[] chain = store.getCertificateChain(alias);
                if (key instanceof PrivateKey found && chain != null) {
                    return new KeyFiles(
                            found,
                            Stream.of(chain).map(X509Certificate.class::cast).toList());
                }
            }
            throw new IOException(file + " has no private key with a certificate");
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A wrong password is an {@link IOException} of the JDK's. */
    private static KeyStore open(byte[] bytes, char[] password) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(new ByteArrayInputStream(bytes), password);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
    }

    private static char[] firstLine(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .toCharArray();
    }

    private void requirePair(Path source) throws IOException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] text = {1};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(chain.getFirst().getPublicKey());
            signature.update(text);
            if (!signature.verify(signed)) {
                throw new IOException(source + ": the key is not the certificate's");
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(source + ": the key is not the certificate's: " + e.getMessage(), e);
        }
    }
}
