package celeriant.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** curl, a client that nobody here wrote, over each protocol. */
@Timeout(240)
class CurlTest {
    private static final Path CURL = Path.of("/usr/bin/curl");
    private static final String SECONDS_MAX = "60";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"--http1.1, 1.1", "--http2, 2"})
    void itGetsPagesAndSendsBodies(String flag, String version) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(CURL), "curl is not installed (Debian's package curl)");
        TestCertificate certificate = TestCertificate.make(folder, "one");
        TlsConfig tls = TlsConfig.pem(certificate.chain(), certificate.key());
        try (InMemoryEventLog log = new InMemoryEventLog();
                Gateway gateway = Gateway.builder(log)
                        .config(GatewayConfig.loopback(0).withTls("127.0.0.1", List.of(), tls))
                        .start()) {
            List<String> common = List.of(
                    CURL.toString(),
                    "--silent",
                    "--show-error",
                    "--max-time",
                    SECONDS_MAX,
                    flag,
                    "--cacert",
                    certificate.chain().toString(),
                    "--write-out",
                    "\n%{http_version} %{http_code}");
            String page = run(common, "--compressed", gateway.url() + "/openapi.json");
            assertTrue(page.contains("\"openapi\""), page);
            assertTrue(page.endsWith("\n" + version + " 200"), page);
            String large = run(common, "--data-binary", "x".repeat(100_000), gateway.url() + "/oauth/token");
            assertTrue(large.endsWith("\n" + version + " 413"), large);
        }
    }

    private static String run(List<String> common, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(common);
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "curl does not end");
        assertEquals(0, process.exitValue(), said);
        return said;
    }
}
