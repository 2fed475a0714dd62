package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.OTHER;
import static celeriant.log.contract.LogFixture.PLOT;
import static celeriant.log.contract.LogFixture.id;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
import celeriant.log.contract.TestClock;
import celeriant.log.embedded.compaction.IndexedRemovable;
import celeriant.log.embedded.index.DiscardWatch;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was trimmed or deleted is in no file after a compaction, and nothing that can be read has changed. */
class CompactionTest {
    private static final String EARLIER = "canary-3c91";
    private static final String CANARY = "canary-7f3a";
    private static final EmbeddedConfig PLAIN = SteppedLog.CONFIG.withCompressionLevel(0);

    private final SimulatedDisk disk = new SimulatedDisk();
    private final MemoryIndexStore store = new MemoryIndexStore();
    private SteppedLog log;
    private long nextId = 1;

    @BeforeEach
    void open() throws IOException {
        log = SteppedLog.open(disk, store, RecordFormat::isIntact, PLAIN, new TestClock());
    }

    private <T> T done(CompletionStage<T> answer) throws InterruptedException {
        log.settle();
        return answer.toCompletableFuture().join();
    }

    private void append(AggregateId aggregate, String key, String text) throws InterruptedException {
        EventData data = EventData.json(text.getBytes(StandardCharsets.UTF_8));
        Event event = new Event(id(nextId++), aggregate, "set", null, key, data, null, null);
        done(log.log().append(request(ANA, Append.online(id(nextId++), List.of(event), Map.of()))));
    }

    private void trim(AggregateId aggregate, long firstVersion) throws InterruptedException {
        done(log.log()
                .trim(new TrimRequest(
                        ORG,
                        ANA,
                        id(nextId++),
                        aggregate,
                        new ExpectedVersion.Any(),
                        firstVersion,
                        true,
                        Caller.EMBEDDER)));
    }

    private void delete(AggregateId aggregate) throws InterruptedException {
        done(log.log()
                .delete(new DeleteRequest(
                        ORG, ANA, id(nextId++), aggregate, new ExpectedVersion.Any(), true, Caller.EMBEDDER)));
    }

    private void snapshot(AggregateId aggregate, String text) throws InterruptedException {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        ExpectedVersion any = new ExpectedVersion.Any();
        done(log.log()
                .putSnapshot(new SnapshotRequest(ORG, aggregate, 1, "text/plain", data, true, any, Caller.EMBEDDER)));
    }

    private boolean isInAFile(String text) {
        return disk.list().stream()
                .anyMatch(name -> new String(disk.bytes(name), StandardCharsets.ISO_8859_1).contains(text));
    }

    /** Compacts, and compares what can be read before and after, with the index and with one that is built anew. */
    private void compactUnchanged() throws IOException {
        LogImage before = LogImage.of(log.log());
        log.compact();
        assertEquals(before, LogImage.of(log.log()));
        assertEquals(before, LogImage.of(reopened(new MemoryIndexStore()).log()));
        assertEquals(
                before,
                LogImage.of(reopened(store.afterCrash(new SplittableRandom(1))).log()));
    }

    private SteppedLog reopened(MemoryIndexStore index) throws IOException {
        return SteppedLog.open(disk.copy(), index, RecordFormat::isIntact, PLAIN, new TestClock());
    }

    @Test
    void packingSeesEveryAppendAndEveryRead() throws InterruptedException {
        long atFirst = log.use();
        append(BOARD, "x", "1");
        long afterAppend = log.use();
        assertTrue(afterAppend > atFirst);
        log.log().state(ORG, BOARD);
        assertTrue(log.use() > afterAppend);
    }

    @Test
    void aTrimmedEventIsInNoFile() throws Exception {
        append(BOARD, null, "\"" + CANARY + "\"");
        append(BOARD, null, "\"later\"");
        trim(BOARD, 2);
        assertTrue(isInAFile(CANARY));
        compactUnchanged();
        assertFalse(isInAFile(CANARY));
        assertTrue(isInAFile("later"));
    }

    @Test
    void aDeletedAggregateIsInNoFileButForItsName() throws Exception {
        append(BOARD, "k" + CANARY, "\"" + CANARY + "\"");
        snapshot(BOARD, CANARY);
        append(OTHER, "k", "\"stays\"");
        delete(BOARD);
        compactUnchanged();
        assertFalse(isInAFile(CANARY));
        assertTrue(isInAFile("stays"));
    }

    @Test
    void aRegisterSurvivesATrimAndItsOlderValuesDoNot() throws Exception {
        append(BOARD, "k", "\"" + CANARY + "\"");
        append(BOARD, "k", "\"kept\"");
        append(BOARD, "other", "\"1\"");
        trim(BOARD, 4);
        compactUnchanged();
        assertFalse(isInAFile(CANARY));
        assertEquals(2, log.log().register(ORG, BOARD, "k").orElseThrow().version());
    }

    @Test
    void aClearedRegisterStaysClearedWhenTheIndexIsBuiltAnew() throws Exception {
        append(BOARD, "k" + CANARY, "\"1\"");
        append(BOARD, "k" + CANARY, "null");
        append(BOARD, "other", "\"1\"");
        trim(BOARD, 2);
        compactUnchanged();
        assertTrue(isInAFile(CANARY));
        trim(BOARD, 3);
        compactUnchanged();
        assertFalse(isInAFile(CANARY));
    }

    @Test
    void aSnapshotThatWasReplacedIsInNoFile() throws Exception {
        append(BOARD, null, "\"1\"");
        snapshot(BOARD, CANARY);
        snapshot(BOARD, "newer");
        compactUnchanged();
        assertFalse(isInAFile(CANARY));
        assertTrue(isInAFile("newer"));
    }

    @Test
    void anAppendOfSeveralAggregatesKeepsWhatIsStillThere() throws Exception {
        EventData canary = EventData.json(("\"" + CANARY + "\"").getBytes(StandardCharsets.UTF_8));
        EventData kept = EventData.json("\"kept\"".getBytes(StandardCharsets.UTF_8));
        List<Event> events = List.of(
                new Event(id(501), PLOT, "typeOf" + CANARY, null, null, canary, null, null),
                new Event(id(502), BOARD, "set", "v1", "k", kept, "2026-01-01T00:00:00Z", null),
                new Event(id(503), PLOT, "set", "v1", "k", canary, null, null));
        Append append = Append.online(id(500), events, Map.of());
        done(log.log().append(request(ANA, append)));
        delete(PLOT);
        compactUnchanged();
        assertFalse(isInAFile(CANARY));
        assertEquals("Duplicate", resultOf(append));
    }

    private String resultOf(Append append) throws InterruptedException {
        Object outcome = done(log.log().append(request(ANA, append)));
        return outcome.toString().contains("Duplicate") ? "Duplicate" : outcome.toString();
    }

    @Test
    void aCompactionIsDueAfterHalfOfTheDeadlineAndARestartDoesNotPutItOff() throws Exception {
        long half = PLAIN.removalDeadline().toMillis() / 2;
        long began = new TestClock().millis() + half;
        append(BOARD, null, "\"" + EARLIER + "\"");
        append(BOARD, null, "\"" + CANARY + "\"");
        trim(BOARD, 2);
        assertFalse(log.compactIfDue(began - 1), "a new log has nothing that is older");
        assertTrue(log.compactIfDue(began));
        assertFalse(isInAFile(EARLIER));
        append(BOARD, null, "\"last\"");
        trim(BOARD, 3);
        assertFalse(log.compactIfDue(began + half - 1));
        assertTrue(isInAFile(CANARY));
        SteppedLog again = SteppedLog.open(
                disk, store.afterCrash(new SplittableRandom(1)), RecordFormat::isIntact, PLAIN, new TestClock());
        assertFalse(again.compactIfDue(began + half - 1));
        assertTrue(isInAFile(CANARY));
        assertTrue(again.compactIfDue(began + half));
        assertFalse(isInAFile(CANARY));
        assertFalse(again.compactIfDue(began + 3 * half), "nothing is left to be removed");
    }

    @Test
    void aClockThatWasPutBackDoesNotPutItOffForLonger() throws Exception {
        long half = PLAIN.removalDeadline().toMillis() / 2;
        long opened = new TestClock().millis();
        append(BOARD, null, "\"" + CANARY + "\"");
        append(BOARD, null, "\"last\"");
        trim(BOARD, 2);
        long putBack = opened - Duration.ofDays(365).toMillis();
        assertFalse(log.compactIfDue(putBack));
        assertTrue(log.compactIfDue(putBack + half));
        assertFalse(isInAFile(CANARY));
    }

    /** Its older values may be in segments that the compaction has passed already. */
    @Test
    void anEventThatClearedARegisterStaysIfItsAggregateWasTrimmedSinceTheCompactionBegan() throws Exception {
        append(BOARD, "k", "\"1\"");
        append(BOARD, "k", "null");
        append(BOARD, "other", "\"1\"");
        trim(BOARD, 3);
        DiscardWatch watch = log.index().discardWatch();
        watch.start();
        IndexedRemovable untouched = new IndexedRemovable(log.index());
        assertTrue(untouched.event(ORG, BOARD, 2, "k", true));
        assertFalse(untouched.leavesSome());
        append(BOARD, "other", "\"2\"");
        trim(BOARD, 4);
        IndexedRemovable touched = new IndexedRemovable(log.index());
        assertFalse(touched.event(ORG, BOARD, 2, "k", true));
        assertTrue(touched.leavesSome(), "the next one must come back for it");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void compactionsBetweenAnyWritesChangeNothing(int compressionLevel) throws Exception {
        EmbeddedConfig config = PLAIN.withCompressionLevel(compressionLevel);
        for (int seed = 1; seed <= 8; seed++) {
            SimulatedDisk files = new SimulatedDisk();
            SteppedLog undisturbed = SteppedLog.open(new SimulatedDisk(), new MemoryIndexStore());
            SteppedLog compacted =
                    SteppedLog.open(files, new MemoryIndexStore(), RecordFormat::isIntact, config, new TestClock());
            int count = 0;
            for (Workload.Write write : Workload.of(200, new SplittableRandom(seed))) {
                undisturbed.send(write);
                compacted.send(write);
                undisturbed.settle();
                compacted.settle();
                if (++count % 40 == 0) {
                    compacted.compact();
                    LogImage expected = LogImage.of(undisturbed.log());
                    assertEquals(expected, LogImage.of(compacted.log()), "seed " + seed + ", after " + count);
                    SteppedLog again = SteppedLog.open(
                            files.copy(), new MemoryIndexStore(), RecordFormat::isIntact, config, new TestClock());
                    assertEquals(expected, LogImage.of(again.log()), "seed " + seed + ", index lost after " + count);
                }
            }
        }
    }
}
