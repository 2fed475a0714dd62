package celeriant.log.embedded;

import celeriant.log.EventLog;
import celeriant.log.contract.EngineSetup;
import celeriant.log.contract.EventLogContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedEventLogTest extends EventLogContract {
    @TempDir
    private Path folder;

    @Override
    protected EventLog open(EngineSetup setup) throws IOException {
        EmbeddedConfig config = EmbeddedConfig.DEFAULT.withSegmentBytes(1 << 20);
        return EmbeddedEventLog.open(folder, config, setup.admission(), setup.clock(), setup.ids());
    }
}
