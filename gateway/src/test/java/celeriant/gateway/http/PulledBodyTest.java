package celeriant.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.metrics.Metrics;
import celeriant.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PulledBodyTest {
    private static final String BUSY = "";

    /** Nothing that is due later waits. */
    private final ScheduledExecutorService thread = new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            return super.schedule(task, 0, unit);
        }
    };

    private final Loop loop = new Loop(thread, 0);
    private final CompletableFuture<String> received = new CompletableFuture<>();

    @AfterEach
    void stop() {
        thread.shutdownNow();
    }

    /** Takes all that comes. */
    private final class Caller implements Carrier {
        private final StringBuilder body = new StringBuilder();

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public void receiveBody(BodyReceiver receiver) {
            receiver.end();
        }

        @Override
        public void answer(ResponseHead head, byte[] whole) {
            received.complete(head.status() + " at once");
        }

        @Override
        public void begin(ResponseHead head) {
            body.append(head.status()).append(':');
        }

        @Override
        public void write(Frame frame) {
            body.append(new String(frame.bytes(), StandardCharsets.UTF_8));
        }

        @Override
        public void end() {
            received.complete(body.toString());
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean isSent() {
            return true;
        }

        @Override
        public void onDrain(Runnable drained) {
            // It is never full.
        }

        @Override
        public void onGone(Runnable gone) {
            // It stays.
        }

        @Override
        public boolean isGone() {
            return false;
        }

        @Override
        public void disconnect() {
            received.complete(body + " and cut");
        }
    }

    private static PulledBody.Source source(String... pieces) {
        Queue<String> left = new ArrayDeque<>(List.of(pieces));
        return sink -> {
            String piece = left.poll();
            if (BUSY.equals(piece)) {
                throw RefusedException.of(ErrorCode.BUSY, "Too much waits to be read; try again.");
            }
            sink.take(piece == null ? null : piece.getBytes(StandardCharsets.UTF_8));
        };
    }

    private String send(PulledBody.Source source) throws Exception {
        RequestHead head = new RequestHead("GET", "/", null, "localhost", HeaderLines.of(List.of()));
        Workers workers = new Workers(thread);
        StandingHeaders standing = new StandingHeaders(Set.of(), () -> "nonce", InstantSource.system());
        Exchange exchange = new Exchange(head, new Caller(), workers, standing, new Metrics());
        Answer answer = new Answer(200, "text/plain", new byte[0], Map.of());
        loop.run(() -> PulledBody.send(exchange, answer, source));
        return received.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aBodyIsItsPieces() throws Exception {
        assertEquals("200:onetwo", send(source("one", "two")));
    }

    @Test
    void aPieceThatCannotBeMadeYetIsAskedForAgain() throws Exception {
        assertEquals("200:onetwo", send(source(BUSY, "one", BUSY, BUSY, "two", BUSY)));
    }

    @Test
    void oneThatIsStillSentWhenItsCallerMayNotHaveTheRestIsCut() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        assertEquals("200:onetwo and cut", send(waiting(looks, "one", "two")));
        assertEquals(3, looks.get());
    }

    /** Its last piece never comes, and at the third look the caller may not have it. */
    private static PulledBody.Source waiting(AtomicInteger looks, String... pieces) {
        Queue<String> left = new ArrayDeque<>(List.of(pieces));
        return new PulledBody.Source() {
            @Override
            public void next(PulledBody.Sink sink) {
                if (!left.isEmpty()) {
                    sink.take(left.poll().getBytes(StandardCharsets.UTF_8));
                }
            }

            @Override
            public void requireStill() {
                if (looks.incrementAndGet() == 3) {
                    throw RefusedException.of(ErrorCode.ACCESS_DENIED, "not any more");
                }
            }
        };
    }

    @Test
    void aFaultCutsIt() throws Exception {
        PulledBody.Source faulty = sink -> sink.fail(new IllegalStateException("on purpose"));
        assertEquals(" and cut", send(faulty));
    }

    @Test
    void aRefusalThatDoesNotPassCutsIt() throws Exception {
        PulledBody.Source refusing = sink -> {
            throw RefusedException.of(ErrorCode.ACCESS_DENIED, "not any more");
        };
        assertEquals(" and cut", send(refusing));
    }
}
