package celeriant.log.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.log.contract.TestClock;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that writes something else than it was given: a segment written anew is looked at before it takes over. */
class RewriteReadBackTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aSegmentThatDoesNotReadBackDoesNotTakeTheOldOnesPlace(int compressionLevel) throws Exception {
        EmbeddedConfig config = SteppedLog.CONFIG.withCompressionLevel(compressionLevel);
        SimulatedDisk disk = new SimulatedDisk();
        Disk bad = new DiskLayer(disk) {
            @Override
            public DiskFile create(String name) throws IOException {
                DiskFile file = super.create(name);
                return name.endsWith(Segment.REWRITE_SUFFIX) ? new FlipsABit(file) : file;
            }
        };
        SteppedLog log = SteppedLog.open(bad, new MemoryIndexStore(), RecordFormat::isIntact, config, new TestClock());
        for (Workload.Write write : Workload.of(60, new SplittableRandom(2))) {
            log.send(write);
            log.settle();
        }
        LogImage before = LogImage.of(log.log());
        byte[] segment = disk.bytes(Segment.name(1)).clone();
        assertThrows(Exception.class, log::compact);
        assertEquals(before, LogImage.of(log.log()));
        assertEquals(
                ByteBuffer.wrap(segment).slice(0, Segment.HEADER_BYTES * 2),
                ByteBuffer.wrap(disk.bytes(Segment.name(1))).slice(0, Segment.HEADER_BYTES * 2));
        SteppedLog again =
                SteppedLog.open(disk.copy(), new MemoryIndexStore(), RecordFormat::isIntact, config, new TestClock());
        assertEquals(before, LogImage.of(again.log()));
    }

    private static final class FlipsABit extends DiskLayer.FileLayer {
        private static final int AT = 200;

        FlipsABit(Disk.DiskFile below) {
            super(below);
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            ByteBuffer changed = ByteBuffer.allocate(from.remaining());
            changed.put(from).flip();
            if (offset >= Segment.HEADER_BYTES && changed.limit() > AT) {
                changed.put(AT, (byte) (changed.get(AT) ^ 1));
            }
            super.write(changed, offset);
        }
    }
}
