package celeriant.log.embedded.commit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer sleeps until there is something for it, and no longer. */
@Timeout(60)
class WriteQueueTest {
    private final WriteQueue queue = new WriteQueue(10, 1_000);
    private final FutureTask<PendingWrite<?>> taking = new FutureTask<>(() -> queue.poll(TimeUnit.DAYS.toNanos(1)));

    @Test
    void whoWaitsForWritesIsWokenForSomethingElse() throws InterruptedException, ExecutionException {
        wakeUntilItComesBack(queue::nudge);
    }

    @Test
    void whoWaitsForWritesIsWokenWhenNoneComeAnyMore() throws InterruptedException, ExecutionException {
        wakeUntilItComesBack(queue::close);
    }

    private void wakeUntilItComesBack(Runnable wake) throws InterruptedException, ExecutionException {
        Thread.ofPlatform().daemon().start(taking);
        while (!taking.isDone()) {
            assertFalse(Thread.interrupted(), "it sleeps on");
            wake.run();
            Thread.yield();
        }
        assertNull(taking.get());
    }
}
