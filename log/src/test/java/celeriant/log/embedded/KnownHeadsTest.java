package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.OTHER;
import static celeriant.log.contract.LogFixture.id;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AppendOutcome;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.heads.HeadCache;
import celeriant.log.embedded.heads.HeadTable;
import celeriant.log.embedded.heads.KeyedHash;
import celeriant.log.embedded.index.HeadWarmup;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The writer decides from heads in memory: they are those of the log, and the store is not asked for them again. */
class KnownHeadsTest {
    private static final EventData DATA = EventData.binary(new byte[1]);

    private int nextId = 1;
    private int headsRead;
    private int headsLookedAt;
    private int namesWritten;
    private boolean keepsHeads;
    private SteppedLog log;

    private final class CountedStore extends StoreLayer {
        CountedStore(IndexStore below) {
            super(below);
        }

        @Override
        boolean takes(byte[] key) {
            namesWritten += key[0] == 'H' ? 1 : 0;
            return keepsHeads || key[0] != 'D';
        }

        @Override
        public byte[] value(byte[] key) {
            headsRead += key[0] == 'H' ? 1 : 0;
            return super.value(key);
        }
    }

    private final class CountedHeads extends HeadLayer {
        CountedHeads(long bytesMax) {
            super(new HeadTable(bytesMax));
        }

        @Override
        public AggregateEntry get(KeyedHash.Hash name) {
            headsLookedAt++;
            return super.get(name);
        }
    }

    private void open(SimulatedDisk disk, MemoryIndexStore store) throws Exception {
        log = SteppedLog.open(
                disk, new CountedStore(store), RecordFormat::isIntact, CountedHeads::new, SteppedLog.syncsNowAndThen());
        headsRead = 0;
    }

    private AppendResult append(AggregateId aggregate, ExpectedVersion expected) throws Exception {
        Append append =
                Append.online(id(nextId++), List.of(Event.of(aggregate, "set", DATA)), Map.of(aggregate, expected));
        CompletableFuture<AppendOutcome> answer =
                log.log().append(request(ANA, append)).toCompletableFuture();
        log.settle();
        return ((AppendOutcome.Settled) answer.join()).results().getFirst();
    }

    private void assertAppended(AggregateId aggregate, long version) throws Exception {
        AppendResult result = append(aggregate, new ExpectedVersion.Exactly(version - 1));
        assertTrue(result instanceof AppendResult.Appended, result.toString());
    }

    private void delete(AggregateId aggregate) throws Exception {
        log.log()
                .delete(new DeleteRequest(
                        ORG, ANA, id(nextId++), aggregate, new ExpectedVersion.Any(), true, Caller.EMBEDDER));
        log.settle();
    }

    /** Each is so many records apart that the store has what the one before left. */
    private void pass() throws Exception {
        for (int i = 0; i < 2 * SteppedLog.CONFIG.indexFreezeRecords(); i++) {
            append(OTHER, new ExpectedVersion.Any());
        }
    }

    @Test
    void afterARestartAllHeadsAreThere() throws Exception {
        keepsHeads = true;
        SimulatedDisk disk = new SimulatedDisk();
        MemoryIndexStore store = new MemoryIndexStore();
        open(disk, store);
        append(BOARD, new ExpectedVersion.None());
        for (int version = 2; version < 40; version++) {
            assertAppended(BOARD, version);
            pass();
        }
        log.close();
        open(disk, store);
        assertAppended(BOARD, 40);
        assertTrue(
                append(new AggregateId("board", "new"), new ExpectedVersion.None()) instanceof AppendResult.Appended);
        assertEquals(0, headsRead);
        assertTrue(store.count('D') <= HeadCache.GROUPS + 20, "changes are put together");
    }

    /** The whole is read from the aggregates of the index, then kept. */
    @Test
    void headsThatWereNotKeptAreKeptOnceTheyWereRead() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        MemoryIndexStore store = new MemoryIndexStore();
        open(disk, store);
        append(BOARD, new ExpectedVersion.None());
        log.close();
        keepsHeads = true;
        open(disk, store);
        pass();
        assertEquals(0, store.count('D'), "what is not known to be all is not kept");
        log.warmUp();
        pass();
        log.close();
        open(disk, store);
        assertAppended(BOARD, 2);
        assertEquals(0, headsRead);
    }

    /** A look into a large table waits for memory, so that the record of an append takes what its decision found. */
    @Test
    void aDecisionAndItsRecordLookAtTheTableOnce() throws Exception {
        open(new SimulatedDisk(), new MemoryIndexStore());
        append(BOARD, new ExpectedVersion.None());
        pass();
        headsLookedAt = 0;
        assertAppended(BOARD, 2);
        assertEquals(1, headsLookedAt);
        pass();
        assertAppended(BOARD, 3);
    }

    /** Each key is merged by the store again and again; how the aggregate is stands with its last append. */
    @Test
    void anAppendToAnAggregateThatIsThereWritesNothingUnderItsName() throws Exception {
        open(new SimulatedDisk(), new MemoryIndexStore());
        append(BOARD, new ExpectedVersion.None());
        pass();
        assertEquals(2, namesWritten, "once each of the two aggregates");
        for (int version = 2; version < 5; version++) {
            assertAppended(BOARD, version);
            pass();
        }
        assertEquals(2, namesWritten);
        assertEquals(4, log.index().aggregateEntry(ORG, BOARD).head().version());
    }

    @Test
    void aHeadIsLookedUpOnceAndThenKnown() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        MemoryIndexStore store = new MemoryIndexStore();
        open(disk, store);
        append(BOARD, new ExpectedVersion.None());
        append(OTHER, new ExpectedVersion.None());
        log.close();
        open(disk, store);
        for (int version = 2; version < 6; version++) {
            assertAppended(BOARD, version);
            pass();
        }
        assertEquals(2, headsRead, "once each of the two aggregates");
    }

    @Test
    void warmedUpNoHeadIsLookedUpNotEvenThatOfANewAggregate() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        MemoryIndexStore store = new MemoryIndexStore();
        open(disk, store);
        append(BOARD, new ExpectedVersion.None());
        log.close();
        open(disk, store);
        log.warmUp();
        assertAppended(BOARD, 2);
        assertTrue(append(OTHER, new ExpectedVersion.None()) instanceof AppendResult.Appended);
        pass();
        assertAppended(BOARD, 3);
        assertEquals(0, headsRead);
    }

    @Test
    void aDeletedAggregatesHeadIsGoneAndVersionsGoOn() throws Exception {
        open(new SimulatedDisk(), new MemoryIndexStore());
        log.warmUp();
        append(BOARD, new ExpectedVersion.None());
        pass();
        delete(BOARD);
        pass();
        AppendResult refused = append(BOARD, new ExpectedVersion.Exactly(1));
        assertTrue(refused instanceof AppendResult.Conflict, refused.toString());
        assertTrue(append(BOARD, new ExpectedVersion.None()) instanceof AppendResult.Appended);
        pass();
        assertAppended(BOARD, 4);
    }

    /** What the warm-up reads may be older than what was appended since. */
    @Test
    void aWarmUpThatComesLateChangesNothingThatIsNewer() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        MemoryIndexStore store = new MemoryIndexStore();
        open(disk, store);
        append(BOARD, new ExpectedVersion.None());
        log.close();
        open(disk, store);
        try (HeadWarmup warmup = log.warmup()) {
            assertAppended(BOARD, 2);
            assertTrue(!warmup.step() || !warmup.step());
        }
        assertAppended(BOARD, 3);
    }
}
