package celeriant.client.buffer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Register;
import celeriant.wire.DeviceKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The buffer in an SQLite file")
class SqliteBufferTest extends LocalBufferContract {
    @TempDir
    private Path folder;

    @Override
    LocalBuffer onSameStore() {
        return SqliteBuffer.in(folder.resolve("buffer.db"));
    }

    @Test
    @DisplayName("keeps a second client off while it is open")
    void inUse() {
        try (LocalBuffer second = onSameStore()) {
            assertThrows(BufferException.InUse.class, () -> second.open(SqliteBufferTest::key));
        }
    }

    @Test
    @DisplayName("refuses a file that is none, and leaves it as it is")
    void notABuffer() throws Exception {
        Path file = folder.resolve("other");
        Files.writeString(
                file, "this is something else, and longer than a header of SQLite would have to be. ".repeat(20));
        byte[] before = Files.readAllBytes(file);
        try (LocalBuffer buffer = SqliteBuffer.in(file)) {
            assertThrows(BufferException.UnknownFormat.class, () -> buffer.open(SqliteBufferTest::key));
        }
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    @DisplayName("refuses the format of a newer client")
    void newerFormat() throws Exception {
        Path file = folder.resolve("newer.db");
        try (LocalBuffer buffer = SqliteBuffer.in(file)) {
            buffer.open(SqliteBufferTest::key);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE client SET format = " + (SqlSchema.FORMAT + 1));
        }
        try (LocalBuffer buffer = SqliteBuffer.in(file)) {
            assertThrows(BufferException.UnknownFormat.class, () -> buffer.open(SqliteBufferTest::key));
        }
    }

    @Test
    @DisplayName("takes over a file of the format before, whose registers are a row each")
    void formerFormat() throws Exception {
        Path file = folder.resolve("former.db");
        AggregateId board = new AggregateId("canvas", "board");
        Register red = register("\"red\"");
        try (LocalBuffer buffer = SqliteBuffer.in(file)) {
            buffer.open(SqliteBufferTest::key);
            buffer.append(
                    List.of(new Draft(new UUID(0, 1), List.of(Event.of(board, "t", EventData.json("1"))), 0, null)));
            buffer.confirm(new ConfirmedChange(
                    Cursor.at(3),
                    Set.of(board),
                    List.of(new AggregateChange(
                            board, 3, 3, false, Map.of("1", red, "2", red), History.NONE, List.of(), false)),
                    false));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE client SET format = 2");
            statement.executeUpdate("DROP TABLE register_page");
        }
        for (int round = 0; round < 2; round++) {
            try (LocalBuffer buffer = SqliteBuffer.in(file)) {
                BufferContents contents = buffer.open(() -> {
                    throw new AssertionError("there is an identity");
                });
                assertEquals(1, contents.pending().size());
                assertEquals(
                        Map.of("1", red, "2", red),
                        buffer.loadAggregate(board).orElseThrow().registers());
            }
        }
    }

    @Test
    @DisplayName("puts very many registers that came one by one into pages when they are read")
    void pages() throws Exception {
        Path file = folder.resolve("rows.db");
        AggregateId board = new AggregateId("canvas", "board");
        Map<String, Register> registers = new TreeMap<>();
        for (int i = 0; i < 1_001; i++) {
            registers.put("k" + i, register(Integer.toString(i)));
        }
        try (LocalBuffer buffer = SqliteBuffer.in(file)) {
            buffer.open(SqliteBufferTest::key);
            buffer.confirm(new ConfirmedChange(
                    Cursor.at(3),
                    Set.of(board),
                    List.of(new AggregateChange(board, 3, 3, false, registers, History.NONE, List.of(), false)),
                    false));
            assertEquals(registers, buffer.loadAggregate(board).orElseThrow().registers());
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            assertEquals(
                    0, statement.executeQuery("SELECT count(*) FROM register").getInt(1));
            assertEquals(
                    11,
                    statement.executeQuery("SELECT count(*) FROM register_page").getInt(1));
        }
    }

    @Test
    @DisplayName("says that a page of registers which is cut is not understood")
    void cutPage() throws Exception {
        Path file = folder.resolve("cut.db");
        AggregateId board = new AggregateId("canvas", "board");
        try (LocalBuffer buffer = SqliteBuffer.in(file)) {
            buffer.open(SqliteBufferTest::key);
            buffer.confirm(new ConfirmedChange(
                    Cursor.at(3),
                    Set.of(board),
                    List.of(new AggregateChange(
                            board, 3, 3, true, Map.of("1", register("1")), History.NONE, List.of(), false)),
                    false));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE register_page SET entries = substr(entries, 1, length(entries) - 1)");
        }
        try (LocalBuffer buffer = SqliteBuffer.in(file)) {
            buffer.open(SqliteBufferTest::key);
            assertThrows(BufferException.UnknownFormat.class, () -> buffer.loadAggregate(board));
        }
    }

    private static Register register(String json) {
        return new Register(EventData.json(json), null, "t", null, 3, 3, new ClientId("svc.x"), null);
    }

    private static DeviceKey key() {
        return DeviceKey.generate(new SecureRandom());
    }
}
