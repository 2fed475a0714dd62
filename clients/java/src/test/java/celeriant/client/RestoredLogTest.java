package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.json;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.JdkHttp;
import celeriant.client.gateway.NoAnswerException;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.operator.Operator;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A log that was put back and grew again")
@Timeout(240)
class RestoredLogTest {
    private static final Operator OPERATOR = Operator.local(OrgPolicy.DEMO);
    private static final long NOWHERE = -1;
    private static final ClientId SOMEBODY = new ClientId("svc.somebody");
    private final PutBack network = new PutBack();
    private InMemoryEventLog log = newLog();
    private Gateway gateway = Gateway.builder(log).operator(OPERATOR).start();
    private final int port = gateway.port();
    private final MemoryBuffer buffer = new MemoryBuffer();
    private final Celeriant client = Celeriant.to(URI.create(gateway.url()), "acme")
            .buffer(buffer)
            .http(network)
            .start();
    private final Celeriant other = Celeriant.to(URI.create(gateway.url()), "acme")
            .buffer(new MemoryBuffer())
            .offline()
            .start();

    /** All are the same as long as the same is appended. */
    private static InMemoryEventLog newLog() {
        Iterator<UUID> ids = LongStream.rangeClosed(1, Long.MAX_VALUE)
                .mapToObj(number -> new UUID(0, number))
                .iterator();
        return new InMemoryEventLog(Gateway.admission(OPERATOR), InstantSource.fixed(Instant.EPOCH), ids::next);
    }

    @AfterEach
    void stop() {
        client.close();
        other.close();
        gateway.close();
        log.close();
    }

    @Test
    @DisplayName("behind a state that was read is noticed, though the cursor's own hash agrees")
    void behindAState() throws Exception {
        network.beforeState = () -> append("lost");
        network.beforeStream = () -> putBackAndAppend("kept");
        AggregateView view = client.open(BOARD);
        until(() -> view.register("k") != null && view.register("k").text().equals("\"kept\""));
        // The version is shown behind what belongs to it.
        until(() -> view.version() == 1);
    }

    @Test
    @DisplayName("behind the answer that there is no such aggregate is noticed: the deletion may be lost")
    void behindADeletion() throws Exception {
        create();
        network.beforeState = this::delete;
        network.beforeStream = () -> {
            putBack();
            create();
            appendElsewhere();
        };
        AggregateView view = client.open(BOARD);
        until(() -> view.register("k") != null);
        until(() -> view.version() == 1);
    }

    @Test
    @DisplayName("gives no first cursor before it was asked for what landed")
    void beforeTheFirstState() throws Exception {
        client.append(paint("k", "own")).awaitConfirmed();
        network.losesPushes = true;
        putBackAndAppend("x");
        appendElsewhere();
        client.open(BOARD);
        until(() -> network.lostPushes.get() > 1);
        assertNull(buffer.contents().cursor());
        network.losesPushes = false;
        until(() -> log.head("acme").position() > 2 && buffer.contents().cursor() != null);
    }

    @Test
    @DisplayName("between a state and the pages of its events is noticed")
    void behindPages() throws Exception {
        network.beforeState = () -> append("lost");
        network.beforePages = () -> putBackAndAppend("kept");
        AggregateView view = client.open(BOARD);
        Projected<List<String>> projected = view.project(new Texts());
        until(() -> projected.value().equals(List.of("\"kept\"")));
        assertEquals("\"kept\"", view.register("k").text());
    }

    /**
     * The poll that comes next goes out before the log says that it has what landed, so with an older hash than is
     * remembered by the time it is answered.
     */
    @Test
    @DisplayName("under a poll that was asked with an older hash than what landed is noticed")
    void underAPoll() throws Exception {
        network.holdsStreamsBack = true;
        network.holdsPollsBehind = 0;
        AggregateView view = client.open(BOARD);
        client.awaitLive(SOON);
        until(() -> !network.heldPolls.isEmpty());
        client.append(paint("k", "lost")).awaitConfirmed();
        long landed = log.head("acme").position();
        network.holdsPollsBehind = landed;
        network.letPoll();
        until(() -> !network.heldPolls.isEmpty() && buffer.contents().cursor().checkPosition() == landed);
        putBack();
        appendElsewhere();
        append("kept");
        long without = log.head("acme").position();
        assertTrue(without > landed);
        network.holdsPollsBehind = NOWHERE;
        network.letPoll();
        until(() -> log.head("acme").position() == without + 1);
        until(() -> view.version() == 2 && view.register("k").text().equals("\"lost\""));
    }

    @Test
    @DisplayName("takes no snapshot of what it does not say any more")
    void snapshot() throws Exception {
        append("lost");
        client.open(BOARD);
        client.awaitLive(SOON);
        client.goOffline();
        putBackAndAppend("kept");
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> client.publishSnapshot(BOARD, 1, json("[\"lost\"]"))
                        .toCompletableFuture()
                        .join());
        RefusedException refused = assertInstanceOf(RefusedException.class, Requests.causeOf(failure));
        assertEquals("log-diverged", refused.refusal().code());
        assertTrue(log.snapshot("acme", BOARD).isEmpty());
    }

    private void append(String value) {
        try {
            other.online().append(List.of(paint("k", value)), Map.of(BOARD, ExpectedVersion.of(0)));
        } catch (RefusedException | NoAnswerException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The same in each log, its hash too. */
    private void create() {
        join(other.online().append(new UUID(1, 1), List.of(paint("k", "kept")), Map.of(BOARD, ExpectedVersion.of(0))));
    }

    private void delete() {
        join(log.delete(
                new DeleteRequest("acme", SOMEBODY, null, BOARD, new ExpectedVersion.Any(), true, Caller.EMBEDDER)));
    }

    private void appendElsewhere() {
        AggregateId elsewhere = new AggregateId("canvas", "elsewhere");
        Event drawn = Event.of(elsewhere, "drawn", json("1"));
        join(other.online().append(new UUID(1, 2), List.of(drawn), Map.of(elsewhere, ExpectedVersion.of(0))));
    }

    private static void join(CompletionStage<?> stage) {
        stage.toCompletableFuture().join();
    }

    private void putBackAndAppend(String value) {
        putBack();
        append(value);
    }

    private void putBack() {
        gateway.close();
        log.close();
        log = newLog();
        gateway = Gateway.builder(log)
                .operator(OPERATOR)
                .config(GatewayConfig.loopback(port))
                .start();
    }

    /** Does something, once, before a request goes out. */
    private static final class PutBack implements Http {
        private final Http real = new JdkHttp();
        private Runnable beforeState = () -> {};
        private Runnable beforePages = () -> {};
        private Runnable beforeStream = () -> {};
        private final AtomicInteger lostPushes = new AtomicInteger();
        private final Queue<Runnable> heldPolls = new ConcurrentLinkedQueue<>();
        private volatile boolean losesPushes;
        private volatile boolean holdsStreamsBack;
        /** Polls that would wait at the gateway for what is behind this position wait here, each until it is let go. */
        private volatile long holdsPollsBehind = NOWHERE;

        void letPoll() {
            heldPolls.remove().run();
        }

        @Override
        public CompletionStage<Answer> send(Call call) {
            if (losesPushes && call.uri().getPath().endsWith("/appends")) {
                lostPushes.incrementAndGet();
                return CompletableFuture.failedFuture(new NoAnswerException("the push is lost"));
            }
            String query = String.valueOf(call.uri().getQuery());
            if (query.contains("live=poll") && query.matches("(.*&)?after=" + holdsPollsBehind + "&.*")) {
                CompletableFuture<Answer> answer = new CompletableFuture<>();
                heldPolls.add(() -> real.send(call).whenComplete((value, failure) -> {
                    if (failure == null) {
                        answer.complete(value);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                }));
                return answer;
            }
            if (call.uri().getPath().endsWith("/state")) {
                beforeState.run();
                beforeState = () -> {};
            } else if (call.uri().getPath().endsWith(BOARD + "/events")) {
                beforePages.run();
                beforePages = () -> {};
            }
            return real.send(call);
        }

        @Override
        public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
            beforeStream.run();
            beforeStream = () -> {};
            if (holdsStreamsBack) {
                return CompletableFuture.failedFuture(new NoAnswerException("no answer within 5 s"));
            }
            return real.stream(call, receiver);
        }
    }

    private static final class Texts implements LiveProjection<List<String>> {
        @Override
        public List<String> initial() {
            return List.of();
        }

        @Override
        public List<String> apply(List<String> state, SeenEvent seen) {
            List<String> next = new ArrayList<>(state);
            next.add(RunningGateway.text(seen.event().data()));
            return List.copyOf(next);
        }
    }
}
