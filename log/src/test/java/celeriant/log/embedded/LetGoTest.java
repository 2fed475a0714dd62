package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.log.embedded.journal.Segment;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Segments that wait to be packed leave the system's cache; what is packed, or is read soon, stays there. */
class LetGoTest {
    private static final int DATA_BYTES = 40 << 10;

    private final List<String> letGo = new ArrayList<>();
    private long id;

    private SteppedLog open() throws Exception {
        return SteppedLog.open(
                new DiskLayer(new SimulatedDisk()) {
                    @Override
                    public void letGo(String name) {
                        letGo.add(name);
                    }
                },
                new MemoryIndexStore());
    }

    /** So large that each has a segment of its own. */
    private void append(SteppedLog log, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            long next = ++id;
            Event event = Event.of(BOARD, "drawn", EventData.binary(new byte[DATA_BYTES]));
            log.send(all -> all.append(request(BEN, online(next, event))));
            log.settle();
        }
    }

    @Test
    void whatWaitsToBePackedIsLetGoButForTheLatest() throws Exception {
        SteppedLog log = open();
        append(log, 5);
        assertEquals(List.of(), letGo);
        append(log, 2);
        assertEquals(List.of(Segment.name(1), Segment.name(2)), letGo);
        log.close();
    }

    @Test
    void whatIsPackedStays() throws Exception {
        SteppedLog log = open();
        append(log, 2);
        log.compact();
        append(log, 5);
        assertEquals(List.of(), letGo);
        log.close();
    }
}
