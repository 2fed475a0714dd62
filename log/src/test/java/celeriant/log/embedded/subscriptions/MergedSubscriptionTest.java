package celeriant.log.embedded.subscriptions;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.MergedRead;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Who waits for an org's appends shares a signal with all others who do. */
class MergedSubscriptionTest {
    private static final String ORG = "acme";
    private static final int ROUNDS = 2_000;

    private final Announcer announcer = new Announcer((org, view) -> null);

    private MergedSubscription subscription() {
        return new MergedSubscription(null, announcer, ORG, MergedRead.after(0));
    }

    @Test
    void oneThatTwoCloseAtOnceTakesTheSignalFromNoOther() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            OrgSignal ofOther = announcer.acquire(ORG);
            MergedSubscription closed = subscription();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread one = Thread.ofPlatform().start(() -> closeTogether(start, closed));
            closeTogether(start, closed);
            one.join();
            assertSame(ofOther, announcer.acquire(ORG), "round " + round);
            announcer.release(ORG);
            announcer.release(ORG);
        }
    }

    private static void closeTogether(CyclicBarrier start, MergedSubscription closed) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
        closed.close();
    }

    /** The log is closed between the two: who comes late must not wait for ever. */
    @Test
    void oneThatBeginsWhenTheLogIsClosedDoesNotWait() {
        announcer.close();
        assertTrue(announcer.acquire(ORG).isClosed());
    }
}
