package celeriant.client.buffer;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.wire.DeviceKey;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@DisplayName("The buffer in a service's PostgreSQL")
@Timeout(240)
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
    @DisplayName("is whose client opened it last: a former one changes nothing more, in its own transactions too")
    void takenOver() throws Exception {
        DataSource source = server.source();
        try (JdbcBuffer former = JdbcBuffer.on(source, "taken");
                JdbcBuffer other = JdbcBuffer.on(source, "apart");
                JdbcBuffer restarted = JdbcBuffer.on(source, "taken");
                Connection connection = source.getConnection()) {
            BufferContents first = former.open(PostgresBufferTest::key);
            other.open(PostgresBufferTest::key);
            PendingAppend kept = former.append(List.of(draft())).get(0);
            BufferContents contents = restarted.open(() -> {
                throw new AssertionError("there is an identity");
            });
            assertEquals(first.clientId(), contents.clientId());
            assertEquals(List.of(kept), contents.pending());
            connection.setAutoCommit(false);
            List<Executable> changes = List.of(
                    () -> former.append(List.of(draft())),
                    () -> former.appendIn(connection, List.of(draft())),
                    () -> former.settle(new Settlement(first.clientId(), after(kept), List.of(), List.of())),
                    () -> former.giveUp(1, null),
                    () -> former.discardRejected(kept.id()),
                    () -> former.rewind(null),
                    () -> former.restamp(key()),
                    () -> former.confirm(new ConfirmedChange(Cursor.at(9), Set.of(), List.of(), true)),
                    () -> former.pruneKept(Long.MAX_VALUE));
            for (Executable change : changes) {
                BufferException.InUse refused = assertThrows(BufferException.InUse.class, change);
                assertTrue(refused.getMessage().contains("another client has opened this buffer"));
            }
            connection.rollback();
            assertEquals(contents.pending(), restarted.contents().pending());
            assertEquals(contents.cursor(), restarted.contents().cursor());
            assertEquals(2, restarted.append(List.of(draft())).get(0).sequence());
            other.append(List.of(draft()));
        }
    }

    @Test
    @DisplayName("waits, when it is taken over, for the transactions that are under way, and has what they committed")
    void takenOverDuringATransaction() throws Exception {
        DataSource source = server.source();
        CountDownLatch committing = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        AtomicReference<Runnable> beforeCommit = new AtomicReference<>(() -> {});
        try (JdbcBuffer former = JdbcBuffer.on(before(source, beforeCommit), "busy");
                JdbcBuffer restarted = JdbcBuffer.on(source, "busy")) {
            former.open(PostgresBufferTest::key);
            beforeCommit.set(() -> {
                committing.countDown();
                assertDoesNotThrow(() -> commit.await());
            });
            Executor threads = work -> new Thread(work).start();
            CompletableFuture<Void> confirmed = CompletableFuture.runAsync(
                    () -> former.confirm(new ConfirmedChange(Cursor.at(7), Set.of(), List.of(), false)), threads);
            committing.await();
            CompletableFuture<BufferContents> opened =
                    CompletableFuture.supplyAsync(() -> restarted.open(PostgresBufferTest::key), threads);
            while (server.waiting() == 0) {
                assertFalse(opened.isDone(), "taken over in the middle of a transaction");
                Thread.onSpinWait();
            }
            commit.countDown();
            confirmed.join();
            assertEquals(Cursor.at(7), opened.join().cursor());
        }
    }

    @Test
    @DisplayName("says what a commit kept whose answer was lost when that has ended, and not before")
    void lostAnswer() throws Exception {
        DataSource source = server.source();
        AtomicBoolean loses = new AtomicBoolean();
        AtomicReference<Connection> lost = new AtomicReference<>();
        DataSource losing = proxy(DataSource.class, (method, arguments) -> {
            Connection real = source.getConnection();
            return proxy(Connection.class, (called, given) -> {
                if (called.getName().equals("commit") && loses.compareAndSet(true, false)) {
                    lost.set(real);
                    throw new SQLException("no answer in time");
                }
                return lost.get() == real ? null : called.invoke(real, given);
            });
        });
        try (JdbcBuffer buffer = JdbcBuffer.on(losing, "lost")) {
            buffer.open(PostgresBufferTest::key);
            loses.set(true);
            Draft draft = draft();
            assertThrows(BufferException.Unsure.class, () -> buffer.append(List.of(draft)));
            try (Connection goesOn = lost.get()) {
                CompletableFuture<List<PendingAppend>> asked =
                        CompletableFuture.supplyAsync(buffer::loadPendingForSure, work -> new Thread(work).start());
                while (server.waiting() == 0) {
                    assertFalse(asked.isDone(), "said what is kept before that was known");
                    Thread.onSpinWait();
                }
                goesOn.commit();
                assertEquals(
                        List.of(draft.id()),
                        asked.join().stream().map(PendingAppend::id).toList());
            }
        }
    }

    /** Connections that do this before each commit. */
    private static DataSource before(DataSource source, AtomicReference<Runnable> commit) {
        return proxy(DataSource.class, (method, arguments) -> {
            Connection real = source.getConnection();
            return proxy(Connection.class, (called, given) -> {
                if (called.getName().equals("commit")) {
                    commit.get().run();
                }
                return called.invoke(real, given);
            });
        });
    }

    private interface Called {
        Object with(Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Called called) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> called.with(method, arguments)));
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

    private static DeviceKey key() {
        return DeviceKey.generate(new SecureRandom());
    }

    private static After after(PendingAppend append) {
        return new After(append.sequence(), append.id());
    }

    private static Draft draft() {
        Event event = Event.of(new AggregateId("a", "1"), "t", EventData.json(new byte[] {'1'}));
        return new Draft(UUID.randomUUID(), List.of(event), 1, null);
    }
}
