package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.json;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.JdbcBuffer;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.buffer.RejectedAppend;
import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.operator.Operator;
import celeriant.log.Admission;
import celeriant.log.MergedRead;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.Problem;
import celeriant.model.RecordedEvent;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@DisplayName("When things go wrong, clients of a real gateway")
@Timeout(240)
class TroubleTest {
    private static final Operator OPERATOR = Operator.local(OrgPolicy.DEMO);
    private static final Admission RIGHTS = Gateway.admission(OPERATOR);
    private static final Admission NO_FORBIDDEN = (request, append, view) ->
            append.events().stream().anyMatch(event -> event.type().equals("forbidden"))
                    ? new Admission.Denied(Problem.of(ErrorCode.ACCESS_DENIED, "not this"))
                    : RIGHTS.admit(request, append, view);

    @TempDir
    private Path folder;

    private InMemoryEventLog log = newLog();
    private Gateway gateway = Gateway.builder(log).operator(OPERATOR).start();
    private final int port = gateway.port();
    private final List<Celeriant> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(Celeriant::close);
        gateway.close();
        log.close();
    }

    @Test
    @DisplayName("put what the log refuses into the rejected list, and go on with the rest")
    void rejected() throws Exception {
        Celeriant client = client(new MemoryBuffer(), new FaultyHttp());
        AggregateView view = client.open(BOARD);
        AppendHandle refused = client.append(event("forbidden", "1", "a"));
        AppendHandle taken = client.append(event("t", "2", "b"));
        taken.awaitConfirmed();
        ExecutionException failure = assertThrows(ExecutionException.class, refused::awaitConfirmed);
        RejectedAppend rejected =
                assertInstanceOf(RejectedException.class, failure.getCause()).rejected();
        assertEquals("access-denied", rejected.reason().code());
        assertEquals(List.of(rejected), client.rejected());
        assertNull(view.register("1"));
        AppendHandle retried = client.retryRejected(rejected.id());
        assertThrows(ExecutionException.class, retried::awaitConfirmed);
        assertEquals(1, client.rejected().size());
        client.discardRejected(client.rejected().get(0).id());
        assertEquals(List.of(), client.rejected());
        assertEquals(1, recorded().size());
    }

    @Test
    @DisplayName("come back by themselves when the gateway was restarted")
    void restartedGateway() throws Exception {
        Celeriant client = client(new MemoryBuffer(), new FaultyHttp());
        AggregateView view = client.open(BOARD);
        client.append(event("t", "1", "before"));
        client.awaitSettled(SOON);
        client.awaitLive(SOON);
        gateway.close();
        client.append(event("t", "2", "meanwhile"));
        until(() -> client.status().state() == SyncState.BACKING_OFF);
        gateway = Gateway.builder(log)
                .operator(OPERATOR)
                .config(GatewayConfig.loopback(port))
                .start();
        client.networkIsBack();
        client.awaitSettled(SOON);
        client.awaitLive(SOON);
        until(() -> view.version() == 2);
        assertEquals(2, recorded().size());
    }

    @Test
    @DisplayName("notice a log that lost its end, and send again what it lost")
    void restoredLog() throws Exception {
        Celeriant client = client(new MemoryBuffer(), new FaultyHttp());
        AggregateView view = client.open(BOARD);
        client.append(event("t", "1", "first"));
        client.append(event("t", "2", "second"));
        client.awaitSettled(SOON);
        until(() -> view.version() == 2);
        client.awaitLive(SOON);
        BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
        client.onNotice(notices::add);
        gateway.close();
        log.close();
        log = newLog();
        gateway = Gateway.builder(log)
                .operator(OPERATOR)
                .config(GatewayConfig.loopback(port))
                .start();
        client.networkIsBack();
        Notice.LogDiverged diverged = assertInstanceOf(Notice.LogDiverged.class, notices.poll(60, TimeUnit.SECONDS));
        assertEquals(2, diverged.resent());
        client.awaitSettled(SOON);
        until(() -> recorded().size() == 2);
        until(() -> view.version() == 2 && view.registers().size() == 2);
        assertEquals(
                List.of("\"first\"", "\"second\""),
                recorded().stream().map(TroubleTest::text).toList());
    }

    @Test
    @DisplayName("lose nothing and reject nothing while the org does not let them in")
    void needsAuth() throws Exception {
        Celeriant client = Celeriant.to(URI.create(gateway.url()), "acme")
                .apiKey("cel_none_none")
                .start();
        clients.add(client);
        client.append(event("t", "1", "a"));
        until(() -> client.status().state() == SyncState.NEEDS_AUTH);
        assertEquals(1, client.status().pending());
        assertEquals(0, client.status().rejected());
        assertEquals("unauthenticated", client.status().reason());
    }

    @Test
    @DisplayName("push what a service appended in its own transaction, if that was committed")
    void joinsTransactions() throws Exception {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("service.db"));
        JdbcBuffer buffer = JdbcBuffer.on(source, "celeriant");
        Celeriant client = client(buffer, new FaultyHttp());
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO orders VALUES (1)");
            client.appendIn(connection, List.of(event("t", "1", "rolled back")));
            connection.rollback();
            statement.execute("INSERT INTO orders VALUES (2)");
            client.appendIn(connection, List.of(event("t", "2", "committed")));
            assertEquals(0, recorded().size());
            connection.commit();
        }
        client.committed();
        until(() -> recorded().size() == 1);
        assertEquals("\"committed\"", text(recorded().get(0)));
        client.awaitSettled(SOON);
    }

    @Test
    @DisplayName(
            "push what a service's transaction appended though they stored something themselves before they were told")
    void toldLate() throws Exception {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("service.db"));
        Celeriant client = client(JdbcBuffer.on(source, "celeriant"), new FaultyHttp());
        client.awaitLive(SOON);
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            client.appendIn(connection, List.of(event("t", "1", "the service's")));
            connection.commit();
        }
        client.append(event("t", "1", "the client's")).awaitLocal();
        client.committed();
        client.awaitSettled(SOON);
        assertEquals(
                List.of("\"the service's\"", "\"the client's\""),
                recorded().stream().map(TroubleTest::text).toList());
        assertEquals(0, client.rejected().size());
    }

    @Test
    @DisplayName("tell the caller when the buffer cannot take an append, and keep nothing of it")
    void brokenBuffer() throws Exception {
        MemoryBuffer inner = new MemoryBuffer();
        FullBuffer full = new FullBuffer(inner);
        Celeriant client = client(full, new FaultyHttp());
        AggregateView view = client.open(BOARD);
        full.isFull = true;
        AppendHandle handle = client.append(event("t", "1", "a"));
        ExecutionException failure = assertThrows(ExecutionException.class, handle::awaitLocal);
        assertInstanceOf(BufferException.Failed.class, failure.getCause());
        assertNull(view.register("1"));
        assertEquals(0, client.status().pending());
        full.isFull = false;
        client.append(event("t", "1", "b")).awaitConfirmed();
    }

    @Test
    @DisplayName("store an append once whose store broke as it was stored, and say so when it can be asked again")
    void brokenInCommit() throws Exception {
        FullBuffer broken = new FullBuffer(new MemoryBuffer());
        Celeriant client = client(broken, new FaultyHttp());
        client.awaitLive(SOON);
        broken.isGone = true;
        broken.breaksBehind = true;
        AppendHandle first = client.append(event("t", "1", "a"));
        until(() -> !broken.breaksBehind);
        AppendHandle second = client.append(event("t", "1", "b"));
        assertFalse(first.local().toCompletableFuture().isDone());
        broken.isGone = false;
        first.awaitLocal();
        second.awaitConfirmed();
        assertEquals(
                List.of("\"a\"", "\"b\""),
                recorded().stream().map(TroubleTest::text).toList());
    }

    private Celeriant client(LocalBuffer buffer, FaultyHttp network) {
        Celeriant client = Celeriant.to(URI.create(gateway.url()), "acme")
                .buffer(buffer)
                .http(network)
                .start();
        clients.add(client);
        return client;
    }

    private static InMemoryEventLog newLog() {
        return new InMemoryEventLog(NO_FORBIDDEN);
    }

    private List<RecordedEvent> recorded() {
        MergedRead all = new MergedRead(0, Long.MAX_VALUE, 100_000, Integer.MAX_VALUE, Set.of(), Set.of(), Set.of());
        return log.readMerged("acme", all).events();
    }

    private static Event event(String type, String key, String data) {
        return Event.keyed(BOARD, type, key, json("\"" + data + "\""));
    }

    private static String text(RecordedEvent recorded) {
        return RunningGateway.text(recorded.event().data());
    }
}
