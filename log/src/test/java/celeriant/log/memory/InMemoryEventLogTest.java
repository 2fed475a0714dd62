package celeriant.log.memory;

import celeriant.log.EventLog;
import celeriant.log.contract.EngineSetup;
import celeriant.log.contract.EventLogContract;

class InMemoryEventLogTest extends EventLogContract {
    @Override
    protected EventLog open(EngineSetup setup) {
        return new InMemoryEventLog(setup.admission(), setup.clock(), setup.ids());
    }
}
