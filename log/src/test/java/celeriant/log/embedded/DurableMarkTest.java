package celeriant.log.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.contract.TestClock;
import celeriant.log.embedded.journal.DurableMark;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.embedded.record.UnknownFormatException;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The mark of what is durable: it survives every way in which it can be cut, and never claims too much. */
class DurableMarkTest {
    private static final UUID LOG = SteppedLog.ID;
    private static final int SLOT_BYTES = 40;

    private final SimulatedDisk disk = new SimulatedDisk();

    private static long end(SimulatedDisk disk) throws IOException {
        try (DurableMark mark = DurableMark.open(disk, LOG)) {
            return mark.endAtOpen();
        }
    }

    private void write(long... ends) throws IOException {
        try (DurableMark mark = DurableMark.open(disk, LOG)) {
            for (long end : ends) {
                mark.write(end);
            }
        }
    }

    @Test
    void theLastEndIsFoundAgain() throws IOException {
        assertEquals(0, end(disk));
        write(5000);
        assertEquals(5000, end(disk));
        write(6000, 7000, 8000);
        assertEquals(8000, end(disk));
        write(9000);
        assertEquals(9000, end(disk));
    }

    @Test
    void ofATornSlotTheOtherOneHolds() throws IOException {
        write(5000, 6000);
        for (int at = 0; at < SLOT_BYTES; at++) {
            SimulatedDisk first = disk.copy();
            first.bytes(DurableMark.FILE)[at] ^= 1;
            assertEquals(6000, end(first), "first slot, byte " + at);
            SimulatedDisk second = disk.copy();
            second.bytes(DurableMark.FILE)[DurableMark.FILE_BYTES / 2 + at] ^= 1;
            assertEquals(5000, end(second), "second slot, byte " + at);
        }
    }

    @Test
    void theSlotThatReachesFurtherIsNotWrittenOver() throws IOException {
        write(5000, 6000);
        write(7000);
        SimulatedDisk torn = disk.copy();
        torn.bytes(DurableMark.FILE)[0] ^= 1;
        assertEquals(6000, end(torn));
    }

    @Test
    void theMarkOfAnotherLogSaysNothing() throws IOException {
        write(5000);
        try (DurableMark other = DurableMark.open(disk, new UUID(2, 2))) {
            assertEquals(0, other.endAtOpen());
        }
    }

    @Test
    void anUnknownFormatIsRefused() throws IOException {
        write(5000);
        byte[] bytes = disk.bytes(DurableMark.FILE);
        bytes[11] = 99;
        java.util.Arrays.fill(bytes, 12, 16, (byte) 0);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(bytes, 0, SLOT_BYTES);
        java.nio.ByteBuffer.wrap(bytes).putInt(12, (int) crc.getValue());
        String message =
                assertThrows(UnknownFormatException.class, () -> end(disk)).getMessage();
        assertTrue(message.contains("format 99"), message);
    }

    /** Then a machine that goes down finds all of it again, and damage in the last group is known for what it is. */
    @Test
    void theMarkIsSyncedWhenTheLogIsIdleAndWhenItIsClosed() throws Exception {
        TestClock clock = new TestClock();
        SteppedLog log =
                SteppedLog.open(disk, new MemoryIndexStore(), RecordFormat::isIntact, SteppedLog.CONFIG, clock);
        for (Workload.Write write : Workload.of(10, new SplittableRandom(1))) {
            log.send(write);
            log.settle();
        }
        long end = end(disk.copy());
        assertTrue(survivors() < 100, "it is synced with each group, which nobody asked for");
        clock.advance(Duration.ofMillis(2_000));
        log.settle();
        assertEquals(100, survivors());
        assertEquals(end, end(disk.afterCrash(new SplittableRandom(3))));
    }

    /** In how many of a hundred crashes the mark keeps what it says now. */
    private int survivors() throws IOException {
        long now = end(disk.copy());
        int kept = 0;
        for (int seed = 0; seed < 100; seed++) {
            kept += end(disk.afterCrash(new SplittableRandom(seed))) == now ? 1 : 0;
        }
        return kept;
    }

    @Test
    void aClosedLogLeavesItsMarkSynced() throws Exception {
        SteppedLog log = SteppedLog.open(disk, new MemoryIndexStore());
        for (Workload.Write write : Workload.of(10, new SplittableRandom(1))) {
            log.send(write);
        }
        log.settle();
        log.close();
        assertEquals(100, survivors());
    }
}
