package celeriant.gateway.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class WorkersTest {
    /** One is worked on, one waits, and there is no place for a third. */
    @Test
    void what_can_wait_for_another_time_is_left_out_while_there_is_too_much_to_do() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (Workers workers = new Workers("test", 1, 1)) {
            workers.run(() -> {
                begun.countDown();
                await(end);
            });
            await(begun);
            assertTrue(workers.runIfIdle(done::countDown));
            assertFalse(workers.runIfIdle(() -> {}));
            end.countDown();
            assertTrue(done.await(60, TimeUnit.SECONDS));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
