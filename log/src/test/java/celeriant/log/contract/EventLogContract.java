package celeriant.log.contract;

import celeriant.log.EventLog;
import celeriant.log.sequencer.IdSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The whole contract. An engine's test extends this and opens a new, empty log. */
public abstract class EventLogContract
        implements AppendContract,
                SequenceContract,
                IdempotencyContract,
                ReadContract,
                MergedReadContract,
                SubscribeContract,
                StateContract,
                TrimContract,
                DeleteContract,
                DiscardAdmissionContract,
                ListingContract,
                AdmissionContract,
                HashChainContract,
                ConcurrencyContract,
                RandomContract,
                DifferentialContract {
    private static final long ID_SEED = 42;

    private LogFixture fixture;

    /** Opens a new, empty log. */
    protected abstract EventLog open(EngineSetup setup) throws Exception;

    @BeforeEach
    void openFixture() throws Exception {
        TestClock clock = new TestClock();
        TestAdmission admission = new TestAdmission();
        IdSource ids = new IdSource(new SplittableRandom(ID_SEED));
        fixture = new LogFixture(open(new EngineSetup(admission, clock, ids)), clock, admission);
    }

    @AfterEach
    void closeFixture() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Override
    public LogFixture fixture() {
        return fixture;
    }
}
