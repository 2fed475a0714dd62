package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.id;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.log.Caller;
import celeriant.log.TrimRequest;
import celeriant.log.TrimmedException;
import celeriant.log.contract.LogFixture;
import celeriant.log.embedded.disk.Disk;
import celeriant.model.ExpectedVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The state as of a version, read while the aggregate goes on: the whole of it, or told to be gone. */
class StateDuringWritesTest {
    private SteppedLog log;
    private long nextId = 1;
    /** Done once, in the middle of the next read of the disk. */
    private Write meanwhile;

    private interface Write {
        void run() throws IOException, InterruptedException;
    }

    @BeforeEach
    void open() throws Exception {
        Disk disk = DiskLayer.filesOf(new SimulatedDisk(), (file, isNew) -> new InterruptedReads(file));
        log = SteppedLog.open(disk, new MemoryIndexStore());
        set("x", "1");
        set("y", "1");
        set("y", "2");
    }

    private final class InterruptedReads extends DiskLayer.FileLayer {
        InterruptedReads(Disk.DiskFile below) {
            super(below);
        }

        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
            Write write = meanwhile;
            meanwhile = null;
            if (write != null) {
                try {
                    write.run();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            return super.read(into, offset);
        }
    }

    private void set(String key, String value) throws InterruptedException {
        log.log().append(request(ANA, online(nextId++, LogFixture.set(BOARD, key, value))));
        log.settle();
    }

    private void trim(long before) throws InterruptedException {
        log.log()
                .trim(new TrimRequest(
                        ORG, ANA, id(nextId++), BOARD, new ExpectedVersion.Any(), before, false, Caller.EMBEDDER));
        log.settle();
    }

    private Map<String, String> stateAt(long version) {
        Map<String, String> values = new TreeMap<>();
        log.log()
                .stateAt(ORG, BOARD, version)
                .orElseThrow()
                .registers()
                .forEach((key, register) ->
                        values.put(key, new String(register.data().bytes(), StandardCharsets.UTF_8)));
        assertNull(meanwhile, "nothing was read of the disk");
        return values;
    }

    @Test
    void aRegisterThatIsSetMeanwhileIsNotLeftOut() throws Exception {
        trim(3);
        meanwhile = () -> set("x", "2");
        assertEquals(Map.of("x", "1", "y", "2"), stateAt(3));
        assertThrows(TrimmedException.class, () -> stateAt(3), "what x was before the trim is lost now");
    }

    @Test
    void aHistoryThatIsTrimmedMeanwhileIsNotReadInPart() throws Exception {
        meanwhile = () -> {
            trim(3);
            log.compact();
        };
        assertThrows(TrimmedException.class, () -> stateAt(2));
    }
}
