package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.NoAnswerException;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A client that waits")
@Timeout(240)
class WaitingTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "b");

    private final HandTurns turns = new HandTurns();

    @Test
    @DisplayName("for its next try does so at once when its clock is put back by a day")
    void clockPutBack() {
        Network network = new Network();
        Celeriant client = driven(network);
        turns.run();
        assertEquals(SyncState.BACKING_OFF, client.status().state());
        int tries = network.streams;
        turns.clockIsPutTo(turns.now() - Duration.ofDays(1).toMillis());
        turns.run();
        assertEquals(tries + 1, network.streams);
    }

    @Test
    @DisplayName(
            "between two polls goes on when its clock is put back by a day, and tries a stream no later than without")
    void clockPutBackBetweenPolls() {
        Network network = new Network();
        network.holdsStreamsBack = true;
        driven(network);
        turns.runUntil(turns.now() + 2 * ClientLimits.STREAM_FIRST_BYTES_MILLIS, 1_000);
        int polls = network.polls;
        assertTrue(polls > 0);
        turns.clockIsPutTo(turns.now() - Duration.ofDays(1).toMillis());
        turns.runUntil(turns.now() + 2 * ClientLimits.POLL_PAUSE_MILLIS, 1_000);
        assertTrue(network.polls > polls || network.streams > 1, "it reads");
        turns.runUntil(turns.now() + ClientLimits.POLL_FALLBACK_MILLIS, 10_000);
        assertTrue(network.streams > 1, "it tries a stream");
    }

    @Test
    @DisplayName("for an aggregate's events that went while it was read is let in, and reads its state again")
    void goneWhileRead() {
        Network network = new Network();
        network.state = "{\"aggregate\":\"canvas/b\",\"version\":1,\"position\":1,\"log\":\"a-log\",\"hash\":\"h\","
                + "\"registers\":{}}";
        Celeriant client = driven(network);
        AggregateView view = client.open(BOARD);
        view.events(0).subscribe(new EventSubscriber());
        turns.run();
        assertEquals(SyncState.BACKING_OFF, client.status().state());
        network.state = null;
        turns.runUntil(turns.now() + ClientLimits.BACKOFF_FIRST_MILLIS, 1_000);
        assertEquals(0, view.version());
        assertTrue(network.streams > 0);
    }

    @Test
    @DisplayName("for the answer to a push takes it, though a broken stream has ended the session meanwhile")
    void brokenStream() {
        Network network = new Network();
        Celeriant client = driven(network);
        AppendHandle handle = client.append(Event.of(BOARD, "t", EventData.json("1")));
        turns.run();
        assertEquals(SyncState.BACKING_OFF, client.status().state());
        assertEquals(1, client.status().pending());
        network.answerPush(handle);
        turns.run();
        assertEquals(SyncState.BACKING_OFF, client.status().state());
        assertEquals(0, client.status().pending());
        assertTrue(handle.confirmed().toCompletableFuture().isDone());
    }

    @Test
    @DisplayName("to be closed stores what it has taken first, though whoever closes it is interrupted")
    void interrupted() throws Exception {
        CountDownLatch storing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean isStoring = new AtomicBoolean();
        AtomicBoolean closedMeanwhile = new AtomicBoolean();
        MemoryBuffer real = new MemoryBuffer();
        LocalBuffer slow = (LocalBuffer) Proxy.newProxyInstance(
                LocalBuffer.class.getClassLoader(), new Class<?>[] {LocalBuffer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("append")) {
                        isStoring.set(true);
                        storing.countDown();
                        goOn.await();
                    }
                    closedMeanwhile.compareAndSet(false, method.getName().equals("close") && isStoring.get());
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (method.getName().equals("append")) {
                            isStoring.set(false);
                        }
                    }
                });
        Celeriant client = Celeriant.to(URI.create("http://127.0.0.1:1"), "acme")
                .buffer(slow)
                .offline()
                .start();
        AppendHandle handle = client.append(Event.of(BOARD, "t", EventData.json("1")));
        storing.await();
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            client.close();
        });
        closer.start();
        while (closer.getState() != Thread.State.WAITING && closer.isAlive() && !closedMeanwhile.get()) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        closer.join();
        assertFalse(closedMeanwhile.get());
        handle.awaitLocal();
        assertEquals(1, real.contents().pending().size());
    }

    private Celeriant driven(Http network) {
        return Celeriant.to(URI.create("http://gateway.test"), "acme")
                .http(network)
                .apiKey("cel_key_secret")
                .world(turns.world())
                .driven(turns, HandTurns::key)
                .follow(BOARD)
                .start();
    }

    /** Streams fail at once; pushes are answered when the test says so. */
    private static final class Network implements Http {
        private final CompletableFuture<Answer> push = new CompletableFuture<>();
        private int streams;
        private int polls;
        private boolean holdsStreamsBack;
        /** Of the aggregate, if there is one. */
        private String state;

        void answerPush(AppendHandle handle) {
            push.complete(json(
                    200,
                    ("{\"results\":[{\"id\":\"%s\",\"status\":\"appended\",\"positions\":[1,1],"
                                    + "\"versions\":{\"%s\":1}}],"
                                    + "\"head\":{\"sequence\":1,\"id\":\"%s\",\"position\":1}}")
                            .formatted(handle.id(), BOARD, handle.id())));
        }

        private static Answer json(int status, String body) {
            return new Answer(
                    status, Map.of("content-type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public CompletionStage<Answer> send(Call call) {
            if (call.uri().getPath().endsWith("/appends")) {
                return push;
            }
            if (call.uri().getPath().endsWith("/state") && state != null) {
                return CompletableFuture.completedFuture(json(200, state));
            }
            if (call.uri().getPath().equals("/v1/acme/events")) {
                polls++;
                return CompletableFuture.completedFuture(
                        json(200, "{\"events\":[],\"next\":null,\"position\":0,\"log\":\"a-log\",\"hash\":\"\"}"));
            }
            String absent = "{\"code\":\"not-found\",\"status\":404,\"position\":0,\"log\":\"a-log\",\"hash\":\"\"}";
            return CompletableFuture.completedFuture(json(404, absent));
        }

        @Override
        public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
            streams++;
            if (holdsStreamsBack) {
                return CompletableFuture.failedFuture(new NoAnswerException("no answer within 5000 ms"));
            }
            return CompletableFuture.failedFuture(new NoAnswerException("a proxy refuses streams"));
        }
    }
}
