package celeriant.log.embedded;

import celeriant.log.EventLog;
import celeriant.log.contract.EngineSetup;
import celeriant.log.contract.EventLogContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract with segments that are soon full and an index that is written behind after every second record. */
class SmallPartsEventLogTest extends EventLogContract {
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int FREEZE_RECORDS = 8;
    private static final int FLUSH_BYTES = 16 << 10;
    private static final int CACHE_BYTES = 1 << 20;

    @TempDir
    private Path folder;

    @Override
    protected EventLog open(EngineSetup setup) throws IOException {
        EmbeddedConfig config = EmbeddedConfig.DEFAULT
                .withSegmentBytes(SEGMENT_BYTES)
                .withIndex(CACHE_BYTES, FREEZE_RECORDS, FLUSH_BYTES);
        return EmbeddedEventLog.open(folder, config, setup.admission(), setup.clock(), setup.ids());
    }
}
