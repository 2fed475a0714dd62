package celeriant.testing;

import celeriant.client.gateway.Http;
import celeriant.client.gateway.JdkHttp;
import celeriant.client.gateway.NoAnswerException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A real network with a switch for each of its faults. Any thread. */
public final class TestNetwork implements Http {
    private final Http real = new JdkHttp();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private final List<Cuttable> streams = new CopyOnWriteArrayList<>();
    private volatile boolean cut;
    private volatile long delayMillis;
    private volatile Answer refusal;

    /** Nothing gets through, and what is open is cut. */
    public void cut() {
        cut = true;
        streams.forEach(Cuttable::cut);
        streams.clear();
    }

    /** All faults are over. A client finds out when it tries again: {@code networkIsBack} makes it do so at once. */
    public void restore() {
        cut = false;
        delayMillis = 0;
        refusal = null;
        answersToLose.set(0);
    }

    /** The answers to the next {@code count} pushes are lost, after the gateway did what was asked. */
    public void loseAnswers(int count) {
        answersToLose.set(count);
    }

    /** Every request comes so much later. */
    public void delay(Duration delay) {
        delayMillis = delay.toMillis();
    }

    /** Every request is refused, as with a problem of the protocol: {@code refuse(403, "access-denied")}. */
    public void refuse(int status, String code) {
        String problem = "{\"type\":\"/problems/" + code + "\",\"title\":\"" + code + "\",\"status\":" + status
                + ",\"detail\":\"refused by the test\",\"code\":\"" + code + "\",\"done\":\"nothing\"}";
        refusal = new Answer(
                status, Map.of("content-type", "application/problem+json"), problem.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public CompletionStage<Answer> send(Call call) {
        return later(() -> real.send(call).thenCompose(answer -> {
            boolean push = call.uri().getPath().endsWith("/appends");
            boolean lost = push && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            return lost || cut ? noAnswer() : CompletableFuture.completedFuture(answer);
        }));
    }

    @Override
    public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
        Cuttable cuttable = new Cuttable(receiver);
        return later(() -> {
            streams.add(cuttable);
            return real.stream(call, cuttable);
        });
    }

    private interface Asking {
        CompletionStage<Answer> ask();
    }

    private CompletionStage<Answer> later(Asking asking) {
        Executor when = delayMillis == 0
                ? Runnable::run
                : CompletableFuture.delayedExecutor(delayMillis, TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(() -> null, when).thenCompose(nothing -> {
            if (cut) {
                return noAnswer();
            }
            Answer instead = refusal;
            return instead == null ? asking.ask() : CompletableFuture.completedFuture(instead);
        });
    }

    private static CompletionStage<Answer> noAnswer() {
        return CompletableFuture.failedFuture(new NoAnswerException("the test cut the network"));
    }

    /** A stream that ends for its reader when the network is cut. */
    private static final class Cuttable implements StreamReceiver {
        private final StreamReceiver receiver;
        private OpenStream open;
        private boolean over;

        Cuttable(StreamReceiver receiver) {
            this.receiver = receiver;
        }

        synchronized void cut() {
            if (open != null && !over) {
                over = true;
                open.cancel();
                receiver.ended(new NoAnswerException("the test cut the network"));
            }
        }

        @Override
        public synchronized void opened(OpenStream stream) {
            open = stream;
            receiver.opened(stream);
        }

        @Override
        public synchronized void bytes(byte[] bytes) {
            if (!over) {
                receiver.bytes(bytes);
            }
        }

        @Override
        public synchronized void ended(Throwable failure) {
            if (!over) {
                over = true;
                receiver.ended(failure);
            }
        }
    }
}
