package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.JdbcBuffer;
import celeriant.gateway.access.OrgPolicy;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@DisplayName("Two instances of a service on one buffer")
@Timeout(240)
class TakenOverTest {
    private final RunningGateway world = new RunningGateway(OrgPolicy.OPEN);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        world.close();
    }

    private Celeriant instance(SQLiteDataSource source) {
        return world.client(builder -> builder.buffer(JdbcBuffer.on(source, "celeriant")));
    }

    private SQLiteDataSource source() {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("service.db") + "?busy_timeout=10000&transaction_mode=IMMEDIATE");
        return source;
    }

    @Test
    @DisplayName("are found out: the one that was started last goes on, the other goes offline and says why")
    void appending() throws Exception {
        SQLiteDataSource source = source();
        Celeriant former = instance(source);
        former.append(paint("1", "red")).awaitConfirmed();
        Celeriant latter = instance(source);
        AppendHandle refused = former.append(paint("2", "refused"));
        ExecutionException failure = assertThrows(ExecutionException.class, refused::awaitLocal);
        assertInstanceOf(BufferException.InUse.class, failure.getCause());
        until(() -> former.status().state() == SyncState.OFFLINE);
        assertTrue(former.status().reason().contains("another client has opened this buffer"));
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            assertThrows(
                    BufferException.InUse.class, () -> former.appendIn(connection, List.of(paint("3", "refused"))));
            connection.rollback();
        }
        latter.append(paint("4", "blue")).awaitConfirmed();
        assertEquals(
                List.of("1", "4"),
                world.recorded().stream().map(event -> event.event().key()).toList());
    }

    @Test
    @DisplayName("are found out by one that only reads, too")
    void reading() throws Exception {
        SQLiteDataSource source = source();
        Celeriant former = instance(source);
        AggregateView view = former.open(BOARD);
        former.awaitLive(SOON);
        Celeriant latter = instance(source);
        latter.append(paint("1", "red")).awaitConfirmed();
        until(() -> former.status().state() == SyncState.OFFLINE);
        assertEquals(0, former.status().rejected());
        view.close();
    }
}
