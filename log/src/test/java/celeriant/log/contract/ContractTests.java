package celeriant.log.contract;

import celeriant.log.EventLog;

/** What each topic of the contract works on: a fresh log for each test. */
public interface ContractTests {
    LogFixture fixture();

    default EventLog log() {
        return fixture().log();
    }
}
