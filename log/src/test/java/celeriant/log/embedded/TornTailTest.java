package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.journal.SegmentScanner;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Of a group of two records the first is torn and the second is whole: the second must never come back. */
class TornTailTest {
    private static final String SEGMENT = Segment.name(1);

    private static Workload.Write append(long id, String type) {
        return log -> log.append(request(BEN, online(id, fact(BOARD, type))));
    }

    /** The event types in the log after the crash, one append more, and another start. */
    private static List<String> typesAfterwards(UnaryOperator<Disk> layer) throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        SteppedLog log = SteppedLog.open(disk, new MemoryIndexStore());
        log.send(append(1, "kept"));
        log.settle();
        int torn = lastOffset(disk);
        log.send(append(2, "torn"));
        log.send(append(3, "tail"));
        log.settle();
        SimulatedDisk crashed = disk.copyWithoutMark();
        crashed.bytes(SEGMENT)[torn + RecordFormat.HEAD_BYTES] ^= 1;

        SteppedLog again = SteppedLog.open(layer.apply(crashed), new MemoryIndexStore());
        again.send(append(4, "more"));
        again.settle();
        SteppedLog third = SteppedLog.open(layer.apply(crashed.copy()), new MemoryIndexStore());
        return LogImage.of(third.log()).events().stream()
                .map(recorded -> recorded.event().type())
                .toList();
    }

    private static int lastOffset(SimulatedDisk disk) throws IOException {
        Segment segment = Segment.open(disk, SEGMENT, SteppedLog.ID, RecordFormat::isIntact);
        SegmentScanner scanner = new SegmentScanner(segment, Segment.HEADER_BYTES, segment.bytes());
        while (scanner.next() != null) {
            // To the end.
        }
        return (int) scanner.offset();
    }

    @Test
    void aTornTailIsGoneForGood() throws Exception {
        assertEquals(List.of("kept", "more"), typesAfterwards(disk -> disk));
    }

    /** Each group is synced before the next one is written, so what is damaged before one was durable. */
    @Test
    void oneMoreGroupDirectlyBehindTheTailShowsThatTheTornOneWasDurable() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        SteppedLog log = SteppedLog.open(disk, new MemoryIndexStore());
        int torn = lastOffset(disk);
        log.send(append(1, "torn"));
        log.send(append(2, "tail"));
        log.settle();
        log.send(append(3, "later"));
        log.settle();
        SimulatedDisk crashed = disk.copyWithoutMark();
        crashed.bytes(SEGMENT)[torn + RecordFormat.HEAD_BYTES] ^= 1;
        assertThrows(CorruptLogException.class, () -> SteppedLog.open(crashed, new MemoryIndexStore()));
    }

    @Test
    void thisTestNoticesATailThatIsLeftWhereItIs() throws Exception {
        assertNotEquals(
                List.of("kept", "more"), typesAfterwards(disk -> DiskLayer.filesOf(disk, NoZerosOverRecords::new)));
    }

    private static final class NoZerosOverRecords extends DiskLayer.FileLayer {
        private final boolean isNew;

        NoZerosOverRecords(Disk.DiskFile below, boolean isNew) {
            super(below);
            this.isNew = isNew;
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            boolean zeros = true;
            for (int i = from.position(); i < from.limit() && zeros; i++) {
                zeros = from.get(i) == 0;
            }
            if (isNew || !zeros) {
                super.write(from, offset);
            }
        }
    }
}
