package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.OTHER;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static celeriant.log.contract.LogFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.embedded.index.IndexKeys;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.journal.Covered;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.journal.SegmentScanner;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.embedded.record.UnknownFormatException;
import celeriant.model.AggregateId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every byte of a journal is cut off and flipped: what is damaged is named, or cut if it never was answered. */
class DamagedBytesTest {
    private static final String SEGMENT = Segment.name(1);
    private static final int WRITES = 9;
    private static final int LAST_GROUP = 3;
    private static final int HEADER_FIELDS_BYTES = 56;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final MemoryIndexStore store = new MemoryIndexStore();
    private final List<LogImage> history = new ArrayList<>();
    /** Where each write's record ends, the header's end first. */
    private final List<Integer> ends = new ArrayList<>();

    @BeforeEach
    void write() throws Exception {
        List<Workload.Write> writes = writesThatRecord();
        SteppedLog log = SteppedLog.open(disk, store);
        for (int i = 0; i < WRITES; i++) {
            log.send(writes.get(i));
            if (i < WRITES - LAST_GROUP || i == WRITES - 1) {
                log.settle();
            }
        }
        assertEquals(history.getLast(), LogImage.of(log.log()));
        recordEnds();
    }

    /** The first writes of a workload that are not refused, and the history that they make. */
    private List<Workload.Write> writesThatRecord() throws Exception {
        List<Workload.Write> recording = new ArrayList<>();
        SteppedLog log = SteppedLog.open(new SimulatedDisk(), new MemoryIndexStore());
        history.add(LogImage.of(log.log()));
        for (Workload.Write write : Workload.of(4 * WRITES, new SplittableRandom(12))) {
            log.send(write);
            log.settle();
            LogImage after = LogImage.of(log.log());
            if (recording.size() < WRITES && !after.equals(history.getLast())) {
                recording.add(write);
                history.add(after);
            }
        }
        return recording;
    }

    private void recordEnds() throws IOException {
        ends.add(Segment.HEADER_BYTES);
        Segment segment = Segment.open(disk, SEGMENT, SteppedLog.ID, RecordFormat::isIntact);
        SegmentScanner scanner = new SegmentScanner(segment, Segment.HEADER_BYTES, segment.bytes());
        while (scanner.next() != null) {
            ends.add((int) scanner.offset());
        }
        assertEquals(WRITES + 1, ends.size());
    }

    private int end() {
        return ends.getLast();
    }

    private static LogImage open(SimulatedDisk disk, IndexStore store) throws IOException {
        SteppedLog log = SteppedLog.open(disk, store);
        try {
            return LogImage.of(log.log());
        } finally {
            log.lose();
        }
    }

    @Test
    void aTailThatWasCutAtAnyByteLeavesTheRecordsBeforeIt() throws IOException {
        int lastGroup = ends.get(ends.size() - 1 - LAST_GROUP);
        for (int cut = lastGroup; cut < end(); cut++) {
            SimulatedDisk cutDisk = disk.copyWithoutMark();
            Arrays.fill(cutDisk.bytes(SEGMENT), cut, end(), (byte) 0);
            LogImage found = open(cutDisk, new MemoryIndexStore());
            int from = cut;
            long records = ends.stream().filter(at -> isWhole(at, from)).count() - 1;
            assertEquals(history.get((int) records), found, "cut at " + cut);
        }
    }

    /** What was answered is never cut off: the mark of what was durable tells it from a torn tail. */
    @Test
    void anAnsweredTailThatWasCutAtAnyByteIsRefused() throws IOException {
        for (int cut = Segment.HEADER_BYTES; cut < end(); cut++) {
            SimulatedDisk cutDisk = disk.copy();
            Arrays.fill(cutDisk.bytes(SEGMENT), cut, end(), (byte) 0);
            boolean isWhole = isWhole(end(), cut);
            if (!isWhole) {
                String message = assertThrows(
                                CorruptLogException.class, () -> open(cutDisk, new MemoryIndexStore()), "cut at " + cut)
                        .getMessage();
                assertTrue(message.startsWith("segment 1 offset "), message);
            }
        }
    }

    @Test
    void anAnsweredTailWithAFlippedBitIsRefused() {
        for (int at = Segment.HEADER_BYTES; at < end(); at++) {
            SimulatedDisk flipped = disk.copy();
            flipped.bytes(SEGMENT)[at] ^= (byte) (1 << at % 8);
            assertThrows(RuntimeException.class, () -> open(flipped, new MemoryIndexStore()), "flipped at " + at);
        }
    }

    @Test
    void segmentsThatAreGoneAltogetherAreMissed() throws IOException {
        SimulatedDisk emptied = disk.copy();
        for (String name : emptied.list()) {
            if (Segment.isName(name)) {
                emptied.delete(name);
            }
        }
        String message = assertThrows(CorruptLogException.class, () -> open(emptied, new MemoryIndexStore()))
                .getMessage();
        assertTrue(message.contains("durable up to segment 1 offset " + end()), message);
    }

    /** Whether a record that ends at {@code recordEnd} lost nothing but zeros of its padding. */
    private boolean isWhole(int recordEnd, int cut) {
        byte[] bytes = disk.bytes(SEGMENT);
        for (int at = cut; at < recordEnd; at++) {
            if (bytes[at] != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aFlippedBitIsNamedOrCutButNeverServed() throws IOException {
        int lastGroup = ends.get(ends.size() - 1 - LAST_GROUP);
        for (int at = 0; at < end(); at++) {
            boolean isPadding = at >= HEADER_FIELDS_BYTES && at < Segment.HEADER_BYTES;
            if (!isPadding) {
                SimulatedDisk flipped = disk.copyWithoutMark();
                flipped.bytes(SEGMENT)[at] ^= (byte) (1 << at % 8);
                if (at < lastGroup) {
                    int where = at;
                    assertThrows(RuntimeException.class, () -> open(flipped, new MemoryIndexStore()), "at " + where);
                } else {
                    assertTrue(history.contains(open(flipped, new MemoryIndexStore())), "flipped at " + at);
                }
            }
        }
    }

    @Test
    void damageIsNamedByItsSegmentAndOffset() {
        int third = ends.get(3);
        SimulatedDisk flipped = disk.copy();
        flipped.bytes(SEGMENT)[third + RecordFormat.HEAD_BYTES + 3] ^= 1;
        String message = assertThrows(CorruptLogException.class, () -> open(flipped, new MemoryIndexStore()))
                .getMessage();
        assertTrue(message.startsWith("segment 1 offset " + third + ":"), message);
    }

    @Test
    void damageIsNamedByTheAggregateAndTheOrg() {
        int named = 0;
        for (int record = 0; record < WRITES; record++) {
            SimulatedDisk flipped = disk.copy();
            flipped.bytes(SEGMENT)[ends.get(record) + RecordFormat.RECORDED_AT] ^= 1;
            String message = assertThrows(CorruptLogException.class, () -> open(flipped, new MemoryIndexStore()))
                    .getMessage();
            assertTrue(message.contains(" of org acme as far as it can be read"), message);
            named += message.contains("canvas/") || message.contains("plot/") ? 1 : 0;
        }
        assertTrue(named > WRITES / 2, "only " + named);
    }

    @Test
    void theFirstSegmentIsMissed() throws Exception {
        SimulatedDisk longer = longer();
        longer.delete(Segment.name(1));
        String message = assertThrows(CorruptLogException.class, () -> open(longer, new MemoryIndexStore()))
                .getMessage();
        assertTrue(message.contains(Segment.name(1)), message);
    }

    @Test
    void theLastSegmentIsMissed() throws Exception {
        SimulatedDisk longer = longer();
        for (int number = 3; longer.list().contains(Segment.name(number)); number++) {
            longer.delete(Segment.name(number));
        }
        assertThrows(CorruptLogException.class, () -> open(longer, new MemoryIndexStore()));
    }

    @Test
    void aFlippedBitThatTheIndexCoversIsFoundByWhoReadsIt() throws Exception {
        int noticed = 0;
        for (int at = Segment.HEADER_BYTES; at < end(); at++) {
            SimulatedDisk flipped = disk.copy();
            flipped.bytes(SEGMENT)[at] ^= (byte) (1 << at % 8);
            try {
                MemoryIndexStore covering = store.afterCrash(new SplittableRandom(at));
                assertTrue(history.contains(open(flipped, covering)), "flipped at " + at);
            } catch (CorruptLogException | UnknownFormatException e) {
                noticed++;
            }
        }
        assertTrue(noticed > (end() - Segment.HEADER_BYTES) / 2, "noticed " + noticed);
    }

    /** An index that was left beside a folder that was restored from an older backup, and has gone on since. */
    @Test
    void anIndexOfAnotherHistoryIsNotBelieved() throws Exception {
        SimulatedDisk other = new SimulatedDisk();
        SteppedLog log = SteppedLog.open(other, new MemoryIndexStore());
        for (Workload.Write write : Workload.of(60, new SplittableRandom(77))) {
            log.send(write);
            log.settle();
        }
        IndexStore foreign = store.afterCrash(new SplittableRandom(1));
        assertTrue(foreign.value(IndexKeys.covered()) != null, "the index covers nothing");
        assertThrows(CorruptLogException.class, () -> open(other, foreign));
    }

    /** The same, where a record of another length begins at the same place. */
    @Test
    void anIndexThatCoversAnotherRecordIsNotBelieved() throws Exception {
        Covered covered = Covered.of(store.value(IndexKeys.covered()));
        MemoryIndexStore changed = store.afterCrash(new SplittableRandom(1));
        try (IndexStore.Batch batch = changed.batch()) {
            long end = covered.end() + RecordFormat.ALIGNMENT;
            batch.put(
                    IndexKeys.covered(),
                    new Covered(covered.logId(), end, covered.lastPlace(), covered.lastIdentity()).bytes());
            batch.write();
        }
        String message = assertThrows(CorruptLogException.class, () -> open(disk.copyWithoutMark(), changed))
                .getMessage();
        assertTrue(message.contains("covers another record"), message);
    }

    /** The same, where records of both histories are as long and begin at the same places. */
    @Test
    void anIndexThatCoversAnotherRecordOfThatLengthIsNotBelieved() throws Exception {
        SimulatedDisk one = goneOn(disk.copy(), BOARD, store.afterCrash(new SplittableRandom(1)));
        MemoryIndexStore index = store.afterCrash(new SplittableRandom(1));
        SimulatedDisk other = goneOn(disk.copy(), OTHER, index);
        assertEquals(other.bytes(Segment.name(1)).length, one.bytes(Segment.name(1)).length);
        String message =
                assertThrows(CorruptLogException.class, () -> open(one, index)).getMessage();
        assertTrue(message.contains("Delete the folder index"), message);
    }

    private static SimulatedDisk goneOn(SimulatedDisk disk, AggregateId aggregate, MemoryIndexStore store)
            throws Exception {
        SteppedLog log = SteppedLog.open(disk, store);
        long first = aggregate.equals(BOARD) ? 1 : 1_000;
        for (long id = first; id < first + 20; id++) {
            var append = request(BEN, online(50_000 + id, set(aggregate, "k", "1")));
            log.send(to -> to.append(append));
            log.settle();
        }
        log.close();
        return disk;
    }

    @Test
    void aMissingSegmentIsNamed() throws Exception {
        SimulatedDisk longer = longer();
        longer.delete(Segment.name(2));
        String message = assertThrows(CorruptLogException.class, () -> open(longer, new MemoryIndexStore()))
                .getMessage();
        assertTrue(message.contains(Segment.name(2)), message);
    }

    /** A log of more than two segments. */
    private static SimulatedDisk longer() throws Exception {
        SimulatedDisk longer = new SimulatedDisk();
        SteppedLog log = SteppedLog.open(longer, new MemoryIndexStore());
        for (Workload.Write write : Workload.of(300, new SplittableRandom(3))) {
            log.send(write);
            log.settle();
        }
        assertTrue(longer.list().contains(Segment.name(3)), longer.list().toString());
        return longer;
    }
}
