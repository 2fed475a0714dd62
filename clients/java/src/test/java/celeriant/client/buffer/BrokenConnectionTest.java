package celeriant.client.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.wire.DeviceKey;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The service's database goes away in the middle of a transaction. */
class BrokenConnectionTest {
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    /** Begins a transaction, and can do nothing more but be closed. */
    private Connection broken() {
        taken.incrementAndGet();
        return proxy(Connection.class, (name, argument) -> {
            if (name.equals("close")) {
                closed.incrementAndGet();
                return null;
            }
            if (name.equals("setAutoCommit") && argument.equals(false)) {
                return null;
            }
            throw new SQLException(name + ": the connection is broken");
        });
    }

    private interface Answered {
        Object by(String name, Object argument) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, Answered answered) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answered.by(method.getName(), arguments == null ? null : arguments[0])));
    }

    @Test
    void aConnectionThatBrokeGoesBackToItsPoolAndWhatBrokeItIsTold() {
        DataSource pool = proxy(DataSource.class, (name, argument) -> broken());
        LocalBuffer buffer = JdbcBuffer.on(pool, "celeriant");
        BufferException.Failed failed = assertThrows(
                BufferException.Failed.class, () -> buffer.open(() -> DeviceKey.generate(new SecureRandom())));
        assertTrue(!failed.getMessage().contains("setAutoCommit"), failed::getMessage);
        assertEquals(1, taken.get());
        assertEquals(1, closed.get());
    }

    @Test
    void whatWasCommittedStandsThoughItsConnectionBrokeBehindIt() throws SQLException {
        try (Connection real = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            Connection broken = proxy(Connection.class, (name, argument) -> {
                if (name.equals("setAutoCommit") && argument.equals(true)) {
                    throw new SQLException("the connection is broken");
                }
                return null;
            });
            DataSource pool = proxy(DataSource.class, (name, argument) -> joined(real, broken));
            LocalBuffer buffer = JdbcBuffer.on(pool, "celeriant");
            buffer.open(() -> DeviceKey.generate(new SecureRandom()));
            Event event = Event.of(AggregateId.parse("canvas/b"), "drawn", EventData.json("1"));
            assertEquals(
                    1,
                    buffer.append(List.of(new Draft(UUID.randomUUID(), List.of(event), 0, null)))
                            .get(0)
                            .sequence());
        }
    }

    @Test
    void whatBreaksInACommitIsNotCalledFailed() throws SQLException {
        try (Connection real = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            AtomicInteger commits = new AtomicInteger();
            Connection breaking = proxy(Connection.class, (name, argument) -> {
                real.commit();
                if (name.equals("commit") && commits.incrementAndGet() > 1) {
                    throw new SQLException("the connection broke");
                }
                return null;
            });
            DataSource pool = proxy(DataSource.class, (name, argument) -> committing(real, breaking));
            LocalBuffer buffer = JdbcBuffer.on(pool, "celeriant");
            buffer.open(() -> DeviceKey.generate(new SecureRandom()));
            Event event = Event.of(AggregateId.parse("canvas/b"), "drawn", EventData.json("1"));
            List<Draft> drafts = List.of(new Draft(UUID.randomUUID(), List.of(event), 0, null));
            assertThrows(BufferException.Unsure.class, () -> buffer.append(drafts));
        }
    }

    private static Connection committing(Connection real, Connection breaking) {
        return joined(real, breaking, List.of("close", "commit"));
    }

    /** The real one, but for how it is set up and given back. */
    private static Connection joined(Connection real, Connection broken) {
        return joined(real, broken, List.of("close"));
    }

    private static Connection joined(Connection real, Connection broken, List<String> ofBroken) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    boolean isGiven = ofBroken.contains(method.getName())
                            || method.getName().equals("setAutoCommit") && arguments[0].equals(true);
                    try {
                        return method.invoke(isGiven ? broken : real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
