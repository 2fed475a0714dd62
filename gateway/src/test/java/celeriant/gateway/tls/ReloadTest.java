package celeriant.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.gateway.SseReader;
import celeriant.gateway.TestDevice;
import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.net.http.HttpClient.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A certificate is replaced under a running gateway: what is open goes on, what comes gets the new one. */
@Timeout(240)
class ReloadTest {
    private static final int LOOKS_MAX = 200;

    @TempDir
    private Path folder;

    @Test
    void connectionsBeforeGoOnAndThoseAfterGetTheNewCertificate() throws IOException {
        TestCertificate one = TestCertificate.make(folder, "one");
        TestCertificate two = TestCertificate.make(folder, "two");
        Operator operator = Operator.local();
        TlsConfig tls = TlsConfig.pem(one.chain(), one.key());
        try (InMemoryEventLog log = new InMemoryEventLog(Gateway.admission(operator));
                Gateway gateway = Gateway.builder(log)
                        .operator(operator)
                        .config(GatewayConfig.loopback(0).withTls("127.0.0.1", List.of(), tls))
                        .start()) {
            TestDevice before = device(gateway, one);
            assertEquals(201, append(before, 1));
            try (SseReader stream =
                    new SseReader(before.open("/v1/acme/events?after=2", "Accept", "text/event-stream"))) {
                assertEquals("caught-up", stream.next().event());
                Files.move(two.chain(), one.chain(), StandardCopyOption.REPLACE_EXISTING);
                Files.move(two.key(), one.key(), StandardCopyOption.REPLACE_EXISTING);
                awaitShown(gateway, one, two);

                assertEquals(201, append(before, 2), "on a connection that was open before");
                assertEquals("3", stream.next().id());
                assertEquals(200, device(gateway, two).get("/v1/acme").status());
                TestDevice late = device(gateway, one);
                assertThrows(IllegalStateException.class, () -> late.get("/v1/acme"), "the old one is shown no more");
            }
        }
    }

    private static TestDevice device(Gateway gateway, TestCertificate trusted) {
        return trusted.device(gateway.url(), Version.HTTP_2);
    }

    private static int append(TestDevice device, long sequence) {
        return device.append("/v1/acme/canvas/board", sequence, "{\"type\":\"drawn\",\"data\":1}")
                .status();
    }

    /** Connects until the new certificate is shown. */
    private static void awaitShown(Gateway gateway, TestCertificate... certificates) throws IOException {
        X509Certificate wanted = certificates[1].certificate();
        for (int i = 0; i < LOOKS_MAX; i++) {
            try (SSLSocket socket = (SSLSocket) TestCertificate.trusting(certificates)
                    .getSocketFactory()
                    .createSocket("127.0.0.1", gateway.port())) {
                socket.startHandshake();
                if (socket.getSession().getPeerCertificates()[0].equals(wanted)) {
                    return;
                }
                socket.setSoTimeout(50);
                assertThrows(IOException.class, () -> socket.getInputStream().read(), "nothing is said");
            }
        }
        assertTrue(false, "the new certificate is not shown");
    }
}
