package celeriant.log.embedded.subscriptions;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.MergedRead;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who waits for an org's appends shares a signal with all others who do. */
class MergedSubscriptionTest {
    private static final String ORG = "acme";
    private static final int ROUNDS = 20_000;
    private static final int LOOKS_PER_YIELD = 1_000;

    private final Announcer announcer = new Announcer((org, view) -> null);

    private MergedSubscription subscription() {
        return new MergedSubscription(null, announcer, ORG, MergedRead.after(0));
    }

    @Test
    void oneThatTwoCloseAtOnceTakesTheSignalFromNoOther() throws Exception {
        AtomicReference<MergedSubscription> closed = new AtomicReference<>();
        Thread other = Thread.ofPlatform().daemon().start(() -> closeEach(closed));
        for (int round = 0; round < ROUNDS; round++) {
            OrgSignal ofOther = announcer.acquire(ORG);
            MergedSubscription next = subscription();
            closed.set(next);
            next.close();
            for (int look = 1; closed.get() != null; look++) {
                pause(look);
            }
            assertSame(ofOther, announcer.acquire(ORG), "round " + round);
            announcer.release(ORG);
            announcer.release(ORG);
        }
        other.interrupt();
        other.join();
    }

    private static void closeEach(AtomicReference<MergedSubscription> closed) {
        for (int look = 1; !Thread.currentThread().isInterrupted(); look++) {
            MergedSubscription next = closed.get();
            if (next != null) {
                next.close();
                closed.set(null);
            } else {
                pause(look);
            }
        }
    }

    /** Where there is one core, who only spins keeps the other from it until its time is up: the test took minutes. */
    private static void pause(int look) {
        if (look % LOOKS_PER_YIELD == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    /** The log is closed between the two: who comes late must not wait for ever. */
    @Test
    void oneThatBeginsWhenTheLogIsClosedDoesNotWait() {
        announcer.close();
        assertTrue(announcer.acquire(ORG).isClosed());
    }
}
