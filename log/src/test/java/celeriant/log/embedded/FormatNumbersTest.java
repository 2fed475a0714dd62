package celeriant.log.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.embedded.journal.Covered;
import celeriant.log.embedded.journal.LogMeta;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.embedded.record.UnknownFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each format has a number; one that is not known is refused with what to do, and is not called damage. */
class FormatNumbersTest {
    private static final String SEGMENT = Segment.name(1);
    private static final int HEADER_FIELDS_BYTES = 68;
    private static final byte UNKNOWN = 9;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final MemoryIndexStore store = new MemoryIndexStore();

    @BeforeEach
    void fill() throws Exception {
        SteppedLog log = SteppedLog.open(disk, store);
        for (Workload.Write write : Workload.of(5, new SplittableRandom(1))) {
            log.send(write);
            log.settle();
        }
    }

    private void assertRefused(SimulatedDisk unknown) {
        String message = assertThrows(
                        UnknownFormatException.class, () -> SteppedLog.open(unknown, new MemoryIndexStore()))
                .getMessage();
        assertTrue(message.contains("format 9"), message);
        assertTrue(message.contains("open the folder with the version that wrote it, or a newer one"), message);
    }

    @Test
    void ofASegment() {
        ByteBuffer header = ByteBuffer.wrap(disk.bytes(SEGMENT));
        header.putInt(8, UNKNOWN).putInt(12, 0);
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, HEADER_FIELDS_BYTES));
        header.putInt(12, (int) crc.getValue());
        assertRefused(disk);
    }

    @Test
    void ofARecord() throws IOException {
        byte[] bytes = disk.bytes(SEGMENT);
        Segment segment = Segment.open(disk, SEGMENT, SteppedLog.ID, RecordFormat::isIntact);
        int at = Segment.HEADER_BYTES;
        bytes[at + RecordFormat.FORMAT_AT] = UNKNOWN;
        int length = ByteBuffer.wrap(bytes).getInt(at);
        RecordFormat.seal(ByteBuffer.wrap(bytes), at, length, segment.salt(), at);
        assertRefused(disk);
    }

    @Test
    void ofTheFolder() {
        disk.bytes(LogMeta.FILE)[11] = UNKNOWN;
        assertRefused(disk);
    }

    /** The index is no loss: one of another format is built anew. */
    @Test
    void ofTheIndex() throws IOException {
        byte[] covered = Covered.nothing(SteppedLog.ID).bytes();
        covered[0] = UNKNOWN;
        assertEquals(null, Covered.of(covered));
    }
}
