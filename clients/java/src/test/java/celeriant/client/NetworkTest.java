package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.json;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.gateway.World;
import celeriant.gateway.access.OrgPolicy;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.wire.SignatureProvider;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Over networks of every kind")
@Timeout(240)
class NetworkTest {
    private final RunningGateway running = new RunningGateway(OrgPolicy.DEMO);

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    @DisplayName("where a proxy holds streams back, a client reads by long-poll, and sees what others append")
    void longPoll() throws Exception {
        RecordingHttp network = new RecordingHttp();
        network.holdsStreams = true;
        Celeriant ann = running.client(network);
        AggregateView view = ann.open(BOARD);
        ann.awaitLive(SOON);
        running.client().append(paint("1", "red")).awaitConfirmed();
        until(() -> view.register("1") != null);
        assertTrue(network.asked("live=poll").size() > 0);
        assertEquals(1, ann.status().localPosition() > 0 ? 1 : 0);
    }

    @Test
    @DisplayName("a filter that makes a long address goes by a ticket, and the stream is the same")
    void tickets() throws Exception {
        RecordingHttp network = new RecordingHttp();
        Celeriant ann = running.client(network);
        List<AggregateId> names = IntStream.range(0, 60)
                .mapToObj(n -> new AggregateId("canvas", "a-board-with-a-long-name-" + "x".repeat(60) + n))
                .toList();
        List<AggregateView> views = names.stream().map(ann::open).toList();
        until(() -> network.asked("POST /v1/acme/subscriptions").size() > 0);
        running.client().append(Event.keyed(names.get(59), "t", "k", json("1"))).awaitConfirmed();
        until(() -> views.get(59).register("k") != null);
        ann.awaitLive(SOON);
    }

    @Test
    @DisplayName("a client that slept for a week comes back with one request for all that it follows")
    void slept() throws Exception {
        MemoryBuffer buffer = new MemoryBuffer();
        AggregateId second = new AggregateId("canvas", "board-2");
        Week world = new Week();
        Celeriant before = running.client(of -> of.buffer(buffer).world(world).follow(BOARD, second));
        before.append(paint("1", "red"), Event.keyed(second, "t", "k", json("1")))
                .awaitConfirmed();
        before.awaitLive(SOON);
        until(() -> before.open(second).version() == 1);
        before.close();
        running.client().append(paint("2", "blue")).awaitConfirmed();
        world.isOver = true;
        RecordingHttp network = new RecordingHttp();
        Celeriant after = running.client(
                of -> of.buffer(buffer).http(network).world(world).follow(BOARD, second));
        AggregateView view = after.open(BOARD);
        until(() -> view.register("2") != null);
        assertEquals(
                1,
                network.asked("GET /v1/acme/").size(),
                () -> network.asked(".").toString());
    }

    /** The device's own clock, and a week later once that is over. */
    private static final class Week implements World {
        private final World real = World.system();
        private volatile boolean isOver;

        @Override
        public long nowMillis() {
            return real.nowMillis() + (isOver ? Duration.ofDays(7).toMillis() : 0);
        }

        @Override
        public UUID newId() {
            return real.newId();
        }

        @Override
        public double random() {
            return real.random();
        }

        @Override
        public SignatureProvider signatures() {
            return real.signatures();
        }
    }
}
