package celeriant.client;

import celeriant.client.gateway.Http;
import celeriant.client.gateway.JdkHttp;
import celeriant.client.gateway.NoAnswerException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The real network with switches: down, or an answer that is lost after the gateway did its work. Any thread. */
final class FaultyHttp implements Http {
    private final Http real = new JdkHttp();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private final AtomicInteger pushes = new AtomicInteger();
    private volatile boolean down;

    /** The next answers to pushes are lost. */
    void loseAnswers(int count) {
        answersToLose.set(count);
    }

    void down(boolean isDown) {
        down = isDown;
    }

    /** How many pushes were sent. */
    int pushes() {
        return pushes.get();
    }

    @Override
    public CompletionStage<Answer> send(Call call) {
        if (down) {
            return CompletableFuture.failedFuture(new NoAnswerException("the network is down"));
        }
        Predicate<Call> isPush = one -> one.uri().getPath().endsWith("/appends");
        if (!isPush.test(call)) {
            return real.send(call);
        }
        pushes.incrementAndGet();
        return real.send(call).thenCompose(answer -> {
            boolean lost = answer.isSuccess() && answersToLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            return lost
                    ? CompletableFuture.failedFuture(new NoAnswerException("the answer was cut off"))
                    : CompletableFuture.completedFuture(answer);
        });
    }

    @Override
    public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
        return down
                ? CompletableFuture.failedFuture(new NoAnswerException("the network is down"))
                : real.stream(call, receiver);
    }

    @Override
    public void leaveConnections() {
        real.leaveConnections();
    }
}
