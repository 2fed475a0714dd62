package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ORG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The process is killed before its sync, the next one finds what was written in the page cache and shows it, and then
 * the machine goes down: what was shown must still be there.
 */
class KilledThenCrashedTest {
    private static final List<Workload.Write> WRITES = Workload.of(12, new SplittableRandom(3));

    /** What is left when the process dies in that call. */
    private static SimulatedDisk killedIn(long call) throws InterruptedException {
        SimulatedDisk disk = new SimulatedDisk();
        disk.crashAt(call);
        try {
            SteppedLog log = SteppedLog.open(disk, new MemoryIndexStore());
            for (Workload.Write write : WRITES) {
                log.send(write);
                log.settle();
            }
        } catch (SimulatedCrash | IOException e) {
            // As it was meant.
        }
        return disk.calls() < call ? null : disk.afterKill();
    }

    @Test
    void whatTheNextProcessShowsSurvivesTheMachine() throws Exception {
        int shown = 0;
        SimulatedDisk killed = killedIn(1);
        for (long call = 1; killed != null; killed = killedIn(++call)) {
            SteppedLog next = SteppedLog.open(killed, new MemoryIndexStore());
            LogImage image = LogImage.of(next.log());
            shown += next.log().head(ORG).position() > 0 ? 1 : 0;
            for (int seed = 0; seed < 4; seed++) {
                SteppedLog afterwards =
                        SteppedLog.open(killed.afterCrash(new SplittableRandom(seed)), new MemoryIndexStore());
                assertEquals(image, LogImage.of(afterwards.log()), "killed in call " + call + ", seed " + seed);
            }
        }
        assertTrue(shown > WRITES.size(), "only " + shown);
    }
}
