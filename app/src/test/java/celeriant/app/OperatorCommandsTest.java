package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code org} and {@code key} say, above all when the operator's file cannot be read or written. */
class OperatorCommandsTest {
    private static final List<List<String>> ALL = List.of(
            List.of("org", "create", "acme"),
            List.of("org", "list"),
            List.of("key", "create", "--org", "acme", "--name", "billing"),
            List.of("key", "list"),
            List.of("key", "delete", "1"));

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(List<String> arguments, Path data) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Main.commandLine(Map.of());
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.size() + 2];
        arguments.toArray(all);
        all[arguments.size()] = "--data";
        all[arguments.size() + 1] = data.toString();
        return command.execute(all);
    }

    private void assertOneLine(String what) {
        assertTrue(err.toString().startsWith("celeriant: "), err::toString);
        assertTrue(err.toString().contains(what), err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
    }

    @Test
    void aDamagedFileIsNamedInOneLine() throws IOException {
        Files.writeString(folder.resolve("operator.json"), "{");
        for (List<String> command : ALL) {
            assertEquals(1, run(command, folder), command::toString);
            assertOneLine("operator.json: it is not JSON");
        }
    }

    @Test
    void eachTellsItsOptions() {
        for (List<String> command : ALL) {
            StringWriter usage = new StringWriter();
            CommandLine main = Main.commandLine(Map.of()).setOut(new PrintWriter(usage, true));
            assertEquals(0, main.execute(command.get(0), command.get(1), "--help"), command::toString);
            assertTrue(usage.toString().contains("The gateway's data folder."), usage::toString);
        }
    }

    @Test
    void aNameOfAnInstanceOfAnotherKeyIsRefusedInOneLine() {
        assertEquals(0, run(List.of("key", "create", "--org", "acme", "--name", "billing"), folder));
        assertEquals(1, run(List.of("key", "create", "--org", "acme", "--name", "billing.node-1"), folder));
        assertOneLine("name \"billing.node-1\" and \"billing\" of the key");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamedInOneLine() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        for (List<String> command : List.of(ALL.get(0), ALL.get(2), ALL.get(4))) {
            assertEquals(1, run(command, file.resolve("data")), command::toString);
            assertOneLine(file.toString());
        }
    }
}
