package celeriant.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files make a certificate, and what becomes of it when they change. */
class CertificatesTest {
    @TempDir
    private Path folder;

    private TestCertificate one;
    private TestCertificate two;

    @BeforeEach
    void make() {
        one = TestCertificate.make(folder, "one");
        two = TestCertificate.make(folder, "two");
    }

    @Test
    void pemAndPkcs12AreRead() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), TestCertificate.PASSWORD + "\n");
        Certificates pem = Certificates.of(TlsConfig.pem(one.chain(), one.key()));
        Certificates pkcs12 = Certificates.of(TlsConfig.pkcs12(one.keyStore(), password));
        assertEquals(one.certificate().getNotAfter().toInstant(), pem.expires());
        assertEquals(pem.expires(), pkcs12.expires());
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "");
        Path old = Files.writeString(folder.resolve("old"), "-----BEGIN EC PRIVATE KEY-----\nAA==\n");
        assertRefused(TlsConfig.pem(one.chain(), two.key()), two.key() + ": the key is not the certificate's");
        assertRefused(TlsConfig.pem(empty, one.key()), empty + " has no certificate");
        Path cut = Files.writeString(
                folder.resolve("cut"), "-----BEGIN PRIVATE KEY-----\nAAAAA\n-----END PRIVATE KEY-----\n");
        assertRefused(TlsConfig.pem(one.chain(), cut), cut + " is no ");
        assertRefused(TlsConfig.pem(one.chain(), old), old + " has no \"BEGIN PRIVATE KEY\"");
        assertRefused(TlsConfig.pkcs12(one.keyStore(), empty), one.keyStore() + " cannot be read");
        assertRefused(TlsConfig.pem(one.chain(), folder.resolve("none")), "there is no file " + folder.resolve("none"));
    }

    private static void assertRefused(TlsConfig config, String why) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Certificates.of(config));
        assertTrue(refused.getMessage().startsWith("tls: " + why), refused.getMessage());
    }

    @Test
    void aConfigurationIsTwoFilesOrOne() {
        Path file = Path.of("file");
        assertThrows(IllegalArgumentException.class, () -> new TlsConfig(file, null, null, null));
        assertThrows(IllegalArgumentException.class, () -> new TlsConfig(null, file, null, null));
        assertThrows(IllegalArgumentException.class, () -> new TlsConfig(file, file, file, null));
        assertThrows(IllegalArgumentException.class, () -> new TlsConfig(file, file, null, file));
    }

    @Test
    void halfReplacedFilesChangeNothingAndWholeOnesDo() throws IOException {
        Certificates certificates = Certificates.of(TlsConfig.pem(one.chain(), one.key()));
        SslContext first = certificates.current();
        certificates.reload();
        assertSame(first, certificates.current(), "nothing changed");
        Files.move(two.chain(), one.chain(), StandardCopyOption.REPLACE_EXISTING);
        certificates.reload();
        assertSame(first, certificates.current(), "the key is still the old one");
        Files.move(two.key(), one.key(), StandardCopyOption.REPLACE_EXISTING);
        certificates.reload();
        assertNotEquals(first, certificates.current());
        assertEquals(two.certificate().getNotAfter().toInstant(), certificates.expires());
    }
}
