package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.model.Event;
import celeriant.model.EventData;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The index is written behind the appends, and what it covers never goes back. */
class IndexBehindTest {
    /** More than is written before a flush is due, less than twice as much. */
    private static final int DATA_BYTES = 10 << 10;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final MemoryIndexStore store = new MemoryIndexStore();

    private static void append(SteppedLog log, long id) throws InterruptedException {
        Event large = Event.of(BOARD, "drawn", EventData.binary(new byte[DATA_BYTES]));
        log.send(to -> to.append(request(BEN, online(id, large))));
        log.settle();
    }

    /** A flush was due and had to wait, a compaction did it; what came next, without a record, found it due still. */
    @Test
    void anAnswerWithoutARecordBehindACompactionLeavesTheIndexAsItIs() throws Exception {
        SteppedLog log = SteppedLog.open(disk, store);
        log.behind().hold();
        append(log, 1);
        append(log, 2);
        log.behind().letGo();
        log.compact();
        append(log, 2);
        SteppedLog again = SteppedLog.open(disk.afterKill(), store.afterCrash(new SplittableRandom(1)));
        assertEquals(LogImage.of(log.log()), LogImage.of(again.log()));
        assertEquals(0, MeasuresTest.value(log.log(), "index_lag_bytes"));
    }
}
