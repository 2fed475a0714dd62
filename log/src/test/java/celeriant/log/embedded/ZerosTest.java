package celeriant.log.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.record.RecordFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a segment is made with goes to the disk in small parts, so that no group's sync waits for all of it. */
class ZerosTest {
    private static final long SEGMENT_BYTES = 5 << 20;
    private static final long PART_BYTES = 1 << 20;

    private long writtenOut = Segment.HEADER_BYTES;

    private void create(boolean isAwaited) throws Exception {
        DiskLayer disk = new DiskLayer(new SimulatedDisk()) {
            @Override
            public void writeOut(String name, long from, long bytes) {
                assertEquals(writtenOut, from);
                assertTrue(bytes <= PART_BYTES);
                writtenOut += bytes;
            }
        };
        UUID logId = new UUID(0, 1);
        Segment.create(disk, 1, 1, logId, SEGMENT_BYTES, RecordFormat::isIntact, () -> isAwaited)
                .close();
    }

    @Test
    void noMoreThanTwoPartsOfThemWaitForTheLastSync() throws Exception {
        create(false);
        assertTrue(SEGMENT_BYTES - writtenOut <= 2 * PART_BYTES);
    }

    @Test
    void whatSomebodyWaitsForIsMadeInOneGo() throws Exception {
        create(true);
        assertEquals(Segment.HEADER_BYTES, writtenOut);
    }
}
