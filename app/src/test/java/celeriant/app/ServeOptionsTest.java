package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code serve} says to a configuration with which it cannot run. */
class ServeOptionsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void withoutAFolderItAsksForOne() {
        assertEquals(1, run(Map.of(), "serve"));
        assertEquals("celeriant: name the folder of the data: --data DIR\n", err.toString());
    }

    @Test
    void anEmptyNameIsNoFolder() {
        assertEquals(1, run(Map.of(), "serve", "--data", ""));
        assertEquals("celeriant: data  (--data): a path is not empty\n", err.toString());
    }

    @Test
    void aPortThatIsTakenIsNamedAlsoWhereItIsTheAdminPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            String data = folder.resolve("data").toString();
            assertEquals(1, run(Map.of(), "serve", "--data", data, "--port", "0", "--admin-port", port));
            assertTrue(err.toString().contains("cannot listen on 127.0.0.1:" + port + ": "), err::toString);
        }
    }

    @Test
    void anUnknownFlagIsRefusedWithTheNearestOne() {
        assertEquals(2, run(Map.of(), "serve", "--prot", "1"));
        assertEquals("celeriant: Unknown options: '--prot', '1'; did you mean --port?\n", err.toString());
    }

    @Test
    void aFileIsNamedByFlagOrByEnvironment() throws IOException {
        Path file = Files.writeString(folder.resolve("celeriant.conf"), "port = many\n");
        String message = "celeriant: port many (" + file + " line 1): a whole number is needed; bytes may have KiB, MiB"
                + " or GiB\n";
        assertEquals(1, run(Map.of(), "serve", "--config", file.toString()));
        assertEquals(message, err.toString());
        err.getBuffer().setLength(0);
        assertEquals(1, run(Map.of("CELERIANT_CONFIG", file.toString()), "serve"));
        assertEquals(message, err.toString());
    }

    @Test
    void itsHelpNamesWhatIsMostlyNeededAndWhereTheRestIs() {
        assertEquals(0, run(Map.of(), "serve", "--help"));
        String help = out.toString();
        assertTrue(help.contains("--public-urls=VALUE…") && help.contains("--tls-key=VALUE"), help);
        assertTrue(help.contains("any free one (8787)") && help.contains("docs/reference/configuration.md"), help);
        assertTrue(!help.contains("--log-segment-bytes"), help);
    }

    private int run(Map<String, String> environment, String... arguments) {
        CommandLine command = Main.commandLine(environment);
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
