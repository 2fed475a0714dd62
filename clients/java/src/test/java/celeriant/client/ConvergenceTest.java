package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.json;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.text;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.Confirmation;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.buffer.SqliteBuffer;
import celeriant.client.gateway.RefusedException;
import celeriant.gateway.access.OrgPolicy;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import celeriant.model.RecordedEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Clients of a real gateway")
@Timeout(240)
class ConvergenceTest {
    @TempDir
    private Path folder;

    /** What one creates, everybody may append to. */
    private final RunningGateway world = new RunningGateway(OrgPolicy.DEMO);

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    @DisplayName("see what they append at once, and each other's when it is confirmed")
    void twoClients() throws Exception {
        Celeriant ann = client(new MemoryBuffer(), new FaultyHttp());
        Celeriant ben = client(new MemoryBuffer(), new FaultyHttp());
        AggregateView annsView = ann.open(BOARD);
        AggregateView bensView = ben.open(BOARD);
        ben.awaitLive(SOON);
        AppendHandle handle = ann.append(paint("3,4", "red"));
        assertEquals("\"red\"", annsView.register("3,4").text());
        Confirmation confirmation = handle.confirmed().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(1, confirmation.versions().get(BOARD));
        until(() -> bensView.register("3,4") != null);
        assertEquals("\"red\"", bensView.register("3,4").text());
        assertEquals(ann.clientId(), bensView.register("3,4").client());
        until(() -> annsView.version() == 1 && !annsView.register("3,4").pending());
        assertEquals(List.of(), annsView.pending());
    }

    @Test
    @DisplayName("converge after appending offline, each append once, through lost answers and restarts")
    void offlineAndBack() throws Exception {
        SplittableRandom random = new SplittableRandom(42);
        List<FaultyHttp> networks = List.of(new FaultyHttp(), new FaultyHttp(), new FaultyHttp());
        List<Path> files = List.of(folder.resolve("a.db"), folder.resolve("b.db"), folder.resolve("c.db"));
        List<Celeriant> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(client(SqliteBuffer.in(files.get(i)), networks.get(i)));
        }
        int appended = 0;
        for (int round = 0; round < 12; round++) {
            int who = random.nextInt(3);
            networks.get(who).down(random.nextBoolean());
            networks.get(who).loseAnswers(random.nextInt(2));
            for (int n = random.nextInt(20); n > 0; n--, appended++) {
                running.get(who)
                        .append(paint(random.nextInt(5) + ",0", "v" + appended))
                        .awaitLocal();
            }
            if (random.nextInt(3) == 0) {
                running.get(who).close();
                running.set(who, client(SqliteBuffer.in(files.get(who)), networks.get(who)));
            }
        }
        networks.forEach(network -> network.down(false));
        for (Celeriant client : running) {
            client.networkIsBack();
            client.awaitSettled(SOON);
            assertEquals(List.of(), client.rejected());
        }
        List<RecordedEvent> recorded = world.recorded();
        assertEquals(appended, recorded.size());
        Map<String, String> expected = new HashMap<>();
        recorded.forEach(
                event -> expected.put(event.event().key(), text(event.event().data())));
        for (Celeriant client : running) {
            AggregateView view = client.open(BOARD);
            until(() -> view.version() == recorded.size());
            assertEquals(expected, shown(view));
        }
    }

    @Test
    @DisplayName("resend after an answer was cut off, and the log holds the append once")
    void cutAnswer() throws Exception {
        FaultyHttp network = new FaultyHttp();
        Celeriant client = client(new MemoryBuffer(), network);
        network.loseAnswers(2);
        client.append(paint("1", "x"));
        client.awaitSettled(SOON);
        assertTrue(network.pushes() >= 3, "pushed " + network.pushes() + " times");
        assertEquals(1, world.recorded().size());
    }

    @Test
    @DisplayName("show the last known state at once after a restart, offline too, with what is pending on top")
    void restartOffline() throws Exception {
        Path file = folder.resolve("a.db");
        Celeriant before = client(SqliteBuffer.in(file), new FaultyHttp());
        AggregateView view = before.open(BOARD);
        before.append(paint("1", "confirmed"));
        before.awaitSettled(SOON);
        until(() -> view.version() == 1);
        before.goOffline();
        before.append(paint("2", "pending")).awaitLocal();
        before.close();
        FaultyHttp down = new FaultyHttp();
        down.down(true);
        Celeriant after = client(SqliteBuffer.in(file), down);
        AggregateView again = after.open(BOARD);
        assertEquals(Map.of("1", "\"confirmed\"", "2", "\"pending\""), shown(again));
        assertTrue(again.register("2").pending());
        assertEquals(1, after.status().pending());
    }

    @Test
    @DisplayName("of which two share an identity find out, and lose nothing")
    void clonedProfile() throws Exception {
        Path original = folder.resolve("a.db");
        Celeriant first = client(SqliteBuffer.in(original), new FaultyHttp());
        first.append(paint("1", "together"));
        first.awaitSettled(SOON);
        String identity = first.clientId();
        first.close();
        Path clone = folder.resolve("clone.db");
        Files.copy(original, clone);
        Celeriant one = client(SqliteBuffer.in(original), new FaultyHttp());
        Celeriant two = client(SqliteBuffer.in(clone), new FaultyHttp());
        BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
        two.onNotice(notices::add);
        one.append(paint("2", "of one"));
        one.awaitSettled(SOON);
        two.append(paint("3", "of two"), paint("4", "of two"));
        two.append(paint("5", "of two"));
        two.awaitSettled(SOON);
        Notice.ForkHealed healed = assertInstanceOf(Notice.ForkHealed.class, notices.poll(60, TimeUnit.SECONDS));
        assertEquals(identity, healed.before());
        assertNotEquals(identity, two.clientId());
        assertEquals(
                List.of("together", "of one", "of two", "of two", "of two"),
                world.recorded().stream()
                        .map(event -> text(event.event().data()).replace("\"", ""))
                        .toList());
        AggregateView view = two.open(BOARD);
        until(() -> shown(view).size() == 5);
    }

    @Test
    @DisplayName("open another aggregate while live, and follow both")
    void secondAggregate() throws Exception {
        Celeriant client = client(new MemoryBuffer(), new FaultyHttp());
        Celeriant other = client(new MemoryBuffer(), new FaultyHttp());
        AggregateId second = new AggregateId("canvas", "board-2");
        client.open(BOARD);
        client.awaitLive(SOON);
        other.append(Event.keyed(second, "t", "k", json("1")));
        other.awaitSettled(SOON);
        AggregateView view = client.open(second);
        until(() -> view.register("k") != null);
        other.append(Event.keyed(second, "t", "k", json("2")));
        other.append(paint("1", "x"));
        until(() -> view.register("k").text().equals("2") && client.open(BOARD).register("1") != null);
        until(() -> view.version() == 2);
    }

    @Test
    @DisplayName("fold events with a projection, and get each event once from a publisher")
    void projectionAndEvents() throws Exception {
        Celeriant client = client(new MemoryBuffer(), new FaultyHttp());
        client.append(paint("1", "a"));
        client.awaitSettled(SOON);
        AggregateView view = client.open(BOARD);
        Projected<List<String>> projected = view.project(new Texts());
        EventSubscriber events = new EventSubscriber();
        view.events(0).subscribe(events);
        for (String text : List.of("b", "c", "d")) {
            client.append(paint("1", text));
        }
        client.awaitSettled(SOON);
        until(() -> projected.version() == 4);
        until(() -> projected.value().equals(List.of("\"a\"", "\"b\"", "\"c\"", "\"d\"")));
        until(() -> events.seen.size() == 4);
        assertEquals(
                List.of(1L, 2L, 3L, 4L),
                events.seen.stream().map(RecordedEvent::version).toList());
    }

    @Test
    @DisplayName("append on the condition that an aggregate has not moved on")
    void online() throws Exception {
        Celeriant client = client(new MemoryBuffer(), new FaultyHttp());
        Map<AggregateId, ExpectedVersion> unborn = Map.of(BOARD, ExpectedVersion.of(0));
        assertEquals(
                1,
                client.online()
                        .append(List.of(paint("1", "x")), unborn)
                        .versions()
                        .get(BOARD));
        RefusedException conflict =
                assertThrows(RefusedException.class, () -> client.online().append(List.of(paint("1", "y")), unborn));
        assertEquals("version-conflict", conflict.refusal().code());
        assertEquals(1L, conflict.refusal().fields().get("actual"));
        ExecutionException failed = assertThrows(
                ExecutionException.class,
                () -> client.online()
                        .append(UUID.randomUUID(), List.of(paint("1", "y")), unborn)
                        .toCompletableFuture()
                        .get());
        assertInstanceOf(RefusedException.class, failed.getCause());
    }

    private Celeriant client(LocalBuffer buffer, FaultyHttp network) {
        return world.client(builder -> builder.buffer(buffer).http(network));
    }

    private static Map<String, String> shown(AggregateView view) {
        return view.registers().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().text()));
    }

    private static final class Texts implements LiveProjection<List<String>> {
        @Override
        public List<String> initial() {
            return List.of();
        }

        @Override
        public List<String> apply(List<String> state, SeenEvent event) {
            List<String> longer = new ArrayList<>(state);
            longer.add(text(event.event().data()));
            return longer;
        }
    }
}
