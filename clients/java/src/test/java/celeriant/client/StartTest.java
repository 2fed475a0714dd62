package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.paint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.buffer.SqliteBuffer;
import celeriant.model.AggregateId;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A start")
@Timeout(240)
class StartTest {
    private static final int TOO_MANY = ClientLimits.AGGREGATES_OPEN_MAX + 1;

    @TempDir
    private Path folder;

    private static ClientBuilder client(LocalBuffer buffer) {
        return Celeriant.to(URI.create("http://127.0.0.1:1"), "acme")
                .buffer(buffer)
                .offline();
    }

    private SqliteBuffer file() {
        return SqliteBuffer.in(folder.resolve("buffer.db"));
    }

    private void formatBecomes(String next) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("buffer.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE client SET format = format " + next);
        }
    }

    @Test
    @DisplayName("on a store that takes nothing more shows what is in it")
    void full() throws Exception {
        MemoryBuffer inner = new MemoryBuffer();
        try (Celeriant before = client(inner).start()) {
            before.append(paint("k", "red")).awaitLocal();
        }
        FullBuffer full = new FullBuffer(inner);
        full.isFull = true;
        try (Celeriant again = client(full).start()) {
            assertEquals("\"red\"", again.open(BOARD).register("k").text());
        }
    }

    @Test
    @DisplayName("that fails on the store's format leaves the file to others")
    void unknownFormat() throws Exception {
        client(file()).start().close();
        formatBecomes("+ 1");
        ClientBuilder builder = client(file());
        assertThrows(BufferException.UnknownFormat.class, builder::start);
        formatBecomes("- 1");
        client(file()).start().close();
    }

    @Test
    @DisplayName("that fails on what it is to follow leaves the file to others")
    void tooMany() {
        AggregateId[] names = IntStream.range(0, TOO_MANY)
                .mapToObj(number -> new AggregateId("canvas", "board-" + number))
                .toArray(AggregateId[]::new);
        ClientBuilder builder = client(file()).follow(names);
        assertThrows(RuntimeException.class, builder::start);
        client(file()).start().close();
    }
}
