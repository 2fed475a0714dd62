package celeriant.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.TestDevice;
import celeriant.wire.DeviceKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a certificate that it signed itself, for loopback's names and {@code log.example.com}: as PKCS12 by the
 * JDK's keytool, and as PEM files.
 */
public record TestCertificate(Path keyStore, Path chain, Path key, X509Certificate certificate) {
    public static final String PASSWORD = "of-a-test";

    private static final long KEYTOOL_SECONDS = 120;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(60);
    private static final String ALIAS = "gateway";

    /** Makes files of that name in {@code folder}. */
    public static TestCertificate make(Path folder, String name) {
        Path store = folder.resolve(name + ".p12");
        try {
            keytool(store, name);
            KeyStore loaded = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                loaded.load(in, PASSWORD.toCharArray());
            }
            X509Certificate certificate = (X509Certificate) loaded.getCertificate(ALIAS);
            byte[] key = loaded.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
            return new TestCertificate(
                    store,
                    Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate.getEncoded())),
                    Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key)),
                    certificate);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path store, String name) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost,dns:log.example.com",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS), "keytool does not end");
        assertEquals(0, process.exitValue(), said);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    /** A device that speaks this version of HTTP, and trusts this certificate and no other. */
    public TestDevice device(String url, Version version) {
        return device(url, url, version);
    }

    /** The same, which signs for {@code publicUrl}, as behind a proxy. */
    public TestDevice device(String url, String publicUrl, Version version) {
        HttpClient http = HttpClient.newBuilder()
                .version(version)
                .sslContext(trusting(this))
                .connectTimeout(CONNECT_MAX)
                .build();
        return new TestDevice(url, publicUrl, DeviceKey.generate(new SecureRandom()), http);
    }

    /** Trusts these certificates and no other. */
    public static SSLContext trusting(TestCertificate... trusted) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (TestCertificate one : trusted) {
                store.setCertificateEntry(
                        one.certificate().getSubjectX500Principal().getName(), one.certificate());
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
