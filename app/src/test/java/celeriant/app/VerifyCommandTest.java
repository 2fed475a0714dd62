package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.EventLog;
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

/** What {@code celeriant verify} says of a good folder, a damaged one, one in use and none. */
class VerifyCommandTest {
    private static final int EVENTS = 20;
    private static final int DAMAGED_AT = 4500;

    @TempDir
    private Path data;

    private final StringWriter said = new StringWriter();
    private final StringWriter complained = new StringWriter();

    @BeforeEach
    void writeSomething() throws IOException {
        try (EventLog log = open()) {
            for (int i = 1; i <= EVENTS; i++) {
                Event event = Event.of(
                        AggregateId.parse("canvas/board"),
                        "drawn",
                        EventData.json("{\"x\":1}".getBytes(StandardCharsets.UTF_8)));
                Append append = Append.online(new UUID(1, i), List.of(event), Map.of());
                log.append(new AppendRequest("acme", new ClientId("ana"), null, List.of(append), Caller.EMBEDDER))
                        .toCompletableFuture()
                        .join();
            }
        }
    }

    private EventLog open() throws IOException {
        return EmbeddedEventLog.open(data.resolve("log"), EmbeddedConfig.DEFAULT.withSegmentBytes(64 << 10));
    }

    private int verify(Path folder) {
        CommandLine command = Main.commandLine(Map.of());
        command.setOut(new PrintWriter(said));
        command.setErr(new PrintWriter(complained, true));
        return command.execute("verify", "--data", folder.toString());
    }

    @Test
    void aGoodFolderIsGood() {
        assertEquals(0, verify(data));
        assertTrue(said.toString().contains(EVENTS + " events"), said.toString());
        assertTrue(said.toString().endsWith("good\n"), said.toString());
    }

    @Test
    void aFlippedBitIsNamedWithItsSegmentAndOffset() throws IOException {
        Path segment;
        try (var files = Files.list(data.resolve("log"))) {
            segment = files.filter(file -> file.toString().endsWith(".segment"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(segment);
        bytes[DAMAGED_AT] ^= 1;
        Files.write(segment, bytes);
        assertEquals(1, verify(data));
        assertTrue(said.toString().contains(segment.getFileName() + " offset 4"), said.toString());
        assertTrue(said.toString().contains("NOT GOOD"), said.toString());
    }

    @Test
    void aFolderInUseAndOneWithoutALogAreSaidToBe() throws IOException {
        try (EventLog log = open()) {
            assertEquals(EVENTS, log.head("acme").position());
            assertEquals(1, verify(data));
            assertTrue(complained.toString().contains("is open elsewhere"), complained.toString());
        }
        assertEquals(1, verify(data.resolve("nothing")));
        assertTrue(complained.toString().contains("there is no log in"), complained.toString());
    }
}
