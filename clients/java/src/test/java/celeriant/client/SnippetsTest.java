package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import celeriant.client.access.Level;
import celeriant.client.access.Secret;
import celeriant.client.buffer.JdbcBuffer;
import celeriant.client.buffer.RejectedAppend;
import celeriant.client.buffer.SqliteBuffer;
import celeriant.gateway.access.OrgPolicy;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import celeriant.model.Projection;
import celeriant.model.RecordedEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The examples of the Javadoc, which is where the marked regions are shown, and of the README. */
@DisplayName("The Javadoc's example")
@Timeout(240)
class SnippetsTest {
    @TempDir
    private Path folder;

    private final RunningGateway running = new RunningGateway(OrgPolicy.DEMO);
    private final URI url = URI.create(running.gateway.url());
    private final AggregateId board = AggregateId.parse("canvas/board-1");

    @AfterEach
    void stop() {
        running.close();
    }

    private static EventData json(String text) {
        return EventData.json(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("of a client appends and waits")
    void client() throws Exception {
        Path file = folder.resolve("buffer.db");
        // @start region="client"
        try (Celeriant client =
                Celeriant.to(url, "demo").buffer(SqliteBuffer.in(file)).start()) {
            AppendHandle handle = client.append(Event.keyed(board, "cell-painted", "3,4", json("\"#d4a017\"")));
            handle.awaitLocal(); // durable here: it will reach the log, whatever happens to this process
            handle.awaitConfirmed(); // in the log
        }
        // @end
        assertEquals(1, running.log.head("demo").position() > 0 ? 1 : 0);
    }

    @Test
    @DisplayName("of the README shows, appends and waits")
    void readme() throws Exception {
        Path file = folder.resolve("buffer.db");
        List<String> shown = new CopyOnWriteArrayList<>();
        AggregateId board = AggregateId.parse("canvas/board-1");
        try (Celeriant client =
                Celeriant.to(url, "demo").buffer(SqliteBuffer.in(file)).start()) {
            AggregateView view = client.open(board);
            view.onChange(
                    keys -> keys.forEach(key -> shown.add(view.register(key).text())));

            Event painted = Event.keyed(board, "cell-painted", "3,4", EventData.json("\"#d4a017\""));
            AppendHandle handle = client.append(painted);
            handle.awaitLocal(); // durable here
            handle.awaitConfirmed(); // in the log
            client.awaitSettled(Duration.ofSeconds(10));
        }
        assertEquals("\"#d4a017\"", shown.get(0));
    }

    @Test
    @DisplayName("of virtual threads waits in many at once")
    void virtualThreads() throws Exception {
        try (Celeriant client = Celeriant.to(url, "acme").start()) {
            // @start region="virtual-threads"
            List<Thread> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                AppendHandle handle = client.append(Event.of(board, "counted", json(Integer.toString(i))));
                waiting.add(Thread.ofVirtual().start(() -> {
                    try {
                        handle.awaitConfirmed();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            for (Thread thread : waiting) {
                thread.join();
            }
            // @end
            client.awaitSettled(Duration.ofSeconds(30));
        }
        assertEquals(100, running.recorded().size());
    }

    @Test
    @DisplayName("of a view shows registers, a projection and events")
    void view() throws Exception {
        Celeriant client = running.client();
        List<String> shown = new ArrayList<>();
        // @start region="view"
        AggregateView view = client.open(board);
        view.onChange(keys -> keys.forEach(key -> shown.add(key)));
        RegisterValue cell = view.register("3,4"); // null until somebody sets it
        // @end
        assertNull(cell);
        // @start region="project"
        Projected<Integer> count = view.project(new LiveProjection<>() {
            @Override
            public Integer initial() {
                return 0;
            }

            @Override
            public Integer apply(Integer before, SeenEvent event) {
                return before + 1;
            }
        });
        // @end
        EventSubscriber subscriber = new EventSubscriber();
        // @start region="events"
        view.events(0).subscribe(subscriber); // a java.util.concurrent.Flow.Subscriber
        // @end
        client.append(Event.keyed(board, "cell-painted", "3,4", json("1"))).awaitConfirmed();
        RunningGateway.until(() -> count.value() == 1 && subscriber.seen.size() == 1 && !shown.isEmpty());
    }

    @Test
    @DisplayName("of appends online decides on what it read")
    void online() throws Exception {
        Celeriant client = running.client();
        AggregateId seat = AggregateId.parse("seat/12-f");
        // @start region="expected"
        client.online().append(List.of(Event.of(seat, "offered", json("null"))), Map.of(seat, ExpectedVersion.of(0)));
        // @end
        // @start region="decide"
        client.online().decide(seat, new Taken(), taken -> {
            return taken ? List.of() : List.of(Event.of(seat, "taken", json("\"ann\"")));
        });
        // @end
        assertNull(client.online()
                .decide(seat, new Taken(), taken -> taken ? List.of() : List.of(Event.of(seat, "x", json("1")))));
        assertEquals(2, running.recorded().size());
    }

    private static final class Taken implements Projection<Boolean> {
        @Override
        public Boolean initial() {
            return false;
        }

        @Override
        public Boolean apply(Boolean before, RecordedEvent event) {
            return before || event.event().type().equals("taken");
        }
    }

    @Test
    @DisplayName("of encryption seals with one key of several")
    void encryption() throws Exception {
        Map<String, SecretKey> keys = Map.of("2026", EncryptionTest.key(1));
        // @start region="encryption"
        Codec codec = A256Gcm.with(keys::get, event -> "2026");
        Celeriant client = Celeriant.to(url, "acme").codec(codec).start();
        // @end
        client.append(Event.of(board, "t", json("1"))).awaitConfirmed();
        client.close();
        assertEquals("2026", running.recorded().get(0).event().encryption().kid());
    }

    @Test
    @DisplayName("of upcasting gives old events their new form")
    void upcasting() throws Exception {
        running.client()
                .append(Event.keyed(board, "cell-painted", "1", json("\"red\"")))
                .awaitConfirmed();
        // @start region="upcasting"
        Upcaster colours = Upcaster.of("cell-painted", old -> {
            EventData data = json("{\"colour\":" + new String(old.data().bytes(), StandardCharsets.UTF_8) + "}");
            return new Event(old.id(), old.aggregate(), old.type(), "2.0", old.key(), data, old.time(), null);
        });
        Celeriant client = Celeriant.to(url, "acme").upcasters(colours).start();
        // @end
        AggregateView view = client.open(board);
        RunningGateway.until(() -> view.register("1") != null);
        assertEquals("{\"colour\":\"red\"}", view.register("1").text());
        client.close();
    }

    @Test
    @DisplayName("of rejected appends discards them")
    void rejected() throws Exception {
        Celeriant client = running.client();
        // @start region="rejected"
        for (RejectedAppend append : client.rejected()) {
            if (append.reason().code().equals("access-denied")) {
                client.retryRejected(append.id()); // perhaps somebody has given access meanwhile
            } else {
                client.discardRejected(append.id());
            }
        }
        // @end
        assertEquals(List.of(), client.rejected());
    }

    @Test
    @DisplayName("of access makes a link that lets somebody in")
    void access() throws Exception {
        Celeriant client = running.client();
        client.append(Event.of(board, "t", json("1"))).awaitConfirmed();
        // @start region="access"
        Secret share = client.access(board)
                .share(Level.CONTRIBUTOR, null, 1)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        String link = "https://canvas.example.org/#" + share.secret();
        // @end
        Celeriant other = running.client();
        String secret = link.substring(link.indexOf('#') + 1);
        assertEquals(
                board,
                other.redeem(secret)
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS)
                        .aggregate());
    }

    @Test
    @DisplayName("of a service's transaction appends in it")
    void transaction() throws Exception {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("service.db"));
        // @start region="transaction"
        Celeriant client = Celeriant.to(url, "acme")
                .buffer(JdbcBuffer.on(source, "celeriant"))
                .start();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
            client.appendIn(connection, List.of(Event.of(AggregateId.parse("order/1"), "placed", json("1"))));
            connection.commit(); // both, or neither
        }
        client.committed(); // pushes it now
        // @end
        client.awaitSettled(Duration.ofSeconds(30));
        client.close();
        assertEquals(1, running.recorded().size());
    }
}
