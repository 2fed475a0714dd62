package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code celeriant backup} does with a folder that is open, and with one that is not. */
class BackupCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();
    private final StringWriter complained = new StringWriter();

    @BeforeEach
    void writeSomething() throws IOException {
        try (EmbeddedEventLog log = open("data")) {
            Event event = Event.of(
                    AggregateId.parse("canvas/board"),
                    "drawn",
                    EventData.json("{\"x\":1}".getBytes(StandardCharsets.UTF_8)));
            Append append = Append.online(new UUID(1, 1), List.of(event), Map.of());
            log.append(new AppendRequest("acme", new ClientId("ana"), null, List.of(append), Caller.EMBEDDER))
                    .toCompletableFuture()
                    .join();
        }
    }

    private EmbeddedEventLog open(String name) throws IOException {
        return EmbeddedEventLog.open(folder.resolve(name).resolve("log"), EmbeddedConfig.DEFAULT);
    }

    private int backup() {
        CommandLine command = Main.commandLine(Map.of());
        command.setOut(new PrintWriter(said));
        command.setErr(new PrintWriter(complained, true));
        return command.execute(
                "backup",
                "--data",
                folder.resolve("data").toString(),
                "--to",
                folder.resolve("copy").toString());
    }

    private int backupOfAnOpenFolder() throws IOException {
        try (EmbeddedEventLog log = open("data")) {
            BackupRequests requests = BackupRequests.answer(folder.resolve("data"), log);
            int status = backup();
            requests.close();
            return status;
        }
    }

    private void assertRestores() throws IOException {
        try (EmbeddedEventLog restored = open("copy")) {
            assertEquals(1, restored.head("acme").position());
        }
    }

    @Test
    void aFolderThatIsNotOpenIsCopiedWithWhatTheGatewayKeepsBeside() throws IOException {
        Files.writeString(folder.resolve("data").resolve("operator.json"), "{}");
        assertEquals(0, backup(), complained.toString());
        assertTrue(said.toString().startsWith("1 segments, 1 of them new"), said.toString());
        assertTrue(Files.exists(folder.resolve("copy").resolve("operator.json")));
        assertRestores();
    }

    @Test
    void whoHasTheFolderOpenMakesTheBackup() throws IOException {
        assertEquals(0, backupOfAnOpenFolder(), complained.toString());
        assertRestores();
    }

    @Test
    void aFailureIsTold() throws IOException {
        assertEquals(0, backup(), complained.toString());
        assertRestores();
        assertEquals(1, backupOfAnOpenFolder());
        assertTrue(complained.toString().contains("was opened as a log"), complained.toString());
    }

    @Test
    void aFolderWithoutALogIsRefused() throws IOException {
        Files.move(folder.resolve("data"), folder.resolve("elsewhere"));
        assertEquals(1, backup());
        assertTrue(complained.toString().contains("there is no log in"), complained.toString());
    }
}
