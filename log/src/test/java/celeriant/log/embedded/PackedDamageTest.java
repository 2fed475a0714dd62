package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.OTHER;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.numbered;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AggregateRead;
import celeriant.log.EventLog;
import celeriant.log.contract.TestClock;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.journal.BlockFile;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.journal.SegmentHeader;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.embedded.record.UnknownFormatException;
import celeriant.model.Append;
import java.io.IOException;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bit of a packed segment flips: it is met by who reads what it holds, named, and never served. */
class PackedDamageTest {
    private static final String SEGMENT = Segment.name(1);
    private static final int HEADER_FIELDS_BYTES = 68;
    private static final int STEP = 29;
    private static final int BEYOND_A_BLOCK = 400;
    private static final EmbeddedConfig CONFIG = SteppedLog.CONFIG.withCompressionLevel(3);

    private final SimulatedDisk disk = new SimulatedDisk();
    private final MemoryIndexStore store = new MemoryIndexStore();
    private LogImage expected;

    @BeforeEach
    void fill() throws Exception {
        SteppedLog log = open(disk, store);
        for (Workload.Write write : Workload.of(150, new SplittableRandom(4))) {
            log.send(write);
            log.settle();
        }
        log.compact();
        assertEquals(SegmentHeader.PACKED, disk.bytes(SEGMENT)[11]);
        expected = LogImage.of(log.log());
    }

    private static SteppedLog open(SimulatedDisk disk, IndexStore store) throws IOException {
        return SteppedLog.open(disk, store, RecordFormat::isIntact, CONFIG, new TestClock());
    }

    private SimulatedDisk flipped(int at) {
        SimulatedDisk flipped = disk.copy();
        flipped.bytes(SEGMENT)[at] ^= (byte) (1 << at % 8);
        return flipped;
    }

    @Test
    void whatIsReadIsRightOrRefusedAndAnIndexIsNotBuiltFromIt() {
        int length = disk.bytes(SEGMENT).length;
        int refused = 0;
        for (int at = 0; at < length; at += at < HEADER_FIELDS_BYTES ? 1 : STEP) {
            boolean isPadding = at >= HEADER_FIELDS_BYTES && at < Segment.HEADER_BYTES;
            if (!isPadding) {
                int where = at;
                assertThrows(
                        RuntimeException.class,
                        () -> open(flipped(where), new MemoryIndexStore()),
                        () -> "an index was built from what is damaged at " + where);
                refused += isRefused(at) ? 1 : 0;
            }
        }
        assertTrue(refused > 0, "no read met the damage");
    }

    private boolean isRefused(int at) {
        try {
            assertEquals(
                    expected,
                    LogImage.of(open(flipped(at), store.afterCrash(new SplittableRandom(at)))
                            .log()),
                    "flipped at " + at);
            return false;
        } catch (CorruptLogException | UnknownFormatException | IOException e) {
            return true;
        }
    }

    @Test
    void damageIsNamedByTheSegmentTheOffsetAndTheAggregate() throws Exception {
        SimulatedDisk files = new SimulatedDisk();
        MemoryIndexStore index = new MemoryIndexStore();
        SteppedLog log = open(files, index);
        for (int sequence = 1; sequence <= BEYOND_A_BLOCK; sequence++) {
            Append append = numbered(sequence, fact(sequence == 1 ? BOARD : OTHER, "painted"));
            log.send(to -> to.append(request(ANA, append)));
            log.settle();
        }
        log.compact();
        int tableEnd = Segment.HEADER_BYTES
                + BlockFile.ENTRY_BYTES * BlockFile.blocks(SteppedLog.CONFIG.segmentBytes(), 32 << 10);
        files.bytes(SEGMENT)[tableEnd + STEP] ^= 1;
        EventLog damaged =
                open(files, index.afterCrash(new SplittableRandom(1))).log();
        AggregateRead all = new AggregateRead(0, Long.MAX_VALUE, 10_000, 1 << 20, Set.of());
        String message = assertThrows(CorruptLogException.class, () -> damaged.readAggregate(ORG, BOARD, all))
                .getMessage();
        assertTrue(message.startsWith("reading " + BOARD + " of org " + ORG + ": segment 1 offset 4096"), message);
    }
}
