package celeriant.client.buffer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.wire.DeviceKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
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

    private static DeviceKey key() {
        return DeviceKey.generate(new SecureRandom());
    }
}
