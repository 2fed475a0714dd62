package celeriant.client.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.wire.DeviceKey;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The buffer in a service's PostgreSQL")
@Timeout(120)
class PostgresBufferTest extends LocalBufferContract {
    private static PostgresServer server;
    private static int stores;

    private final String name = "buffer" + stores++;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.start().orElse(null);
        assumeTrue(server != null, "this machine has no PostgreSQL: install its package to run these");
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.stop();
        }
    }

    @Override
    LocalBuffer onSameStore() {
        return JdbcBuffer.on(server.source(), name);
    }

    @Test
    @DisplayName("joins the service's transaction: what is rolled back takes no number")
    void joins() throws Exception {
        DataSource source = server.source();
        try (JdbcBuffer buffer = JdbcBuffer.on(source, "joined");
                Connection connection = source.getConnection()) {
            buffer.open(() -> DeviceKey.generate(new SecureRandom()));
            assertThrows(IllegalArgumentException.class, () -> buffer.appendIn(connection, List.of(draft())));
            connection.setAutoCommit(false);
            buffer.appendIn(connection, List.of(draft()));
            connection.rollback();
            PendingAppend kept = buffer.appendIn(connection, List.of(draft())).get(0);
            assertEquals(List.of(), buffer.contents().pending());
            connection.commit();
            assertEquals(1, kept.sequence());
            assertEquals(List.of(kept), buffer.contents().pending());
        }
    }

    @Test
    @DisplayName("numbers without gaps what many transactions append at the same time")
    void concurrently() {
        DataSource source = server.source();
        try (JdbcBuffer buffer = JdbcBuffer.on(source, "concurrent")) {
            buffer.open(() -> DeviceKey.generate(new SecureRandom()));
            List<CompletableFuture<Void>> all = LongStream.range(0, 40)
                    .mapToObj(number -> CompletableFuture.runAsync(() -> appendIn(source, buffer, number % 3 != 0)))
                    .toList();
            all.forEach(CompletableFuture::join);
            assertEquals(
                    LongStream.rangeClosed(1, 26).boxed().toList(),
                    buffer.contents().pending().stream()
                            .map(PendingAppend::sequence)
                            .toList());
        }
    }

    private static void appendIn(DataSource source, JdbcBuffer buffer, boolean commit) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            buffer.appendIn(connection, List.of(draft()));
            if (commit) {
                connection.commit();
            } else {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static Draft draft() {
        Event event = Event.of(new AggregateId("a", "1"), "t", EventData.json(new byte[] {'1'}));
        return new Draft(UUID.randomUUID(), List.of(event), 1, null);
    }
}
