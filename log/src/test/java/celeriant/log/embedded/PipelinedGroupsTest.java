package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.await;
import static celeriant.log.contract.LogFixture.expecting;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.numbered;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static celeriant.log.contract.LogFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.EventLog;
import celeriant.log.MergedRead;
import celeriant.log.OutcomeUnknownException;
import celeriant.log.StorageFailedException;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.heads.HeadTable;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.embedded.verify.Verify;
import celeriant.model.AppendResult;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group that is decided while the one before it is on its way to the disk. */
class PipelinedGroupsTest {
    private boolean failing;

    /** A file whose syncs fail when they are told to. */
    private final class Fragile extends DiskLayer.FileLayer {
        Fragile(Disk.DiskFile below) {
            super(below);
        }

        @Override
        public void force() throws IOException {
            if (failing) {
                throw new IOException("simulated");
            }
            super.force();
        }
    }

    private SteppedLog open() throws IOException {
        Disk disk = DiskLayer.filesOf(new SimulatedDisk(), (file, isNew) -> new Fragile(file));
        LateSyncs syncs = new LateSyncs(() -> true);
        return SteppedLog.open(disk, new MemoryIndexStore(), RecordFormat::isIntact, HeadTable::new, syncs);
    }

    private static CompletableFuture<?> append(SteppedLog log, AppendRequest request) throws InterruptedException {
        CompletableFuture<?> answer = log.send(to -> to.append(request));
        log.step();
        return answer;
    }

    private static AppendResult result(CompletableFuture<?> answer) {
        return assertInstanceOf(AppendOutcome.Settled.class, answer.getNow(null))
                .results()
                .get(0);
    }

    @Test
    void whatIsNotSyncedIsSeenByNobodyAndAnsweredToNobody() throws Exception {
        SteppedLog log = open();
        List<Long> told = new ArrayList<>();
        log.log().follow((org, events, head) -> told.add(head.position()));
        CompletableFuture<?> first = append(log, request(ANA, numbered(1, set(BOARD, "x", "1"))));
        assertFalse(first.isDone());
        assertEquals(0, log.log().head(ORG).position());
        assertTrue(log.log().register(ORG, BOARD, "x").isEmpty());
        assertTrue(log.log().clientHead(ORG, ANA).isEmpty());
        assertEquals(List.of(), told);
        CompletableFuture<?> second = append(log, request(ANA, numbered(2, set(BOARD, "x", "2"))));
        assertTrue(first.isDone());
        assertFalse(second.isDone());
        assertEquals(1, log.log().head(ORG).position());
        assertEquals(1, log.log().register(ORG, BOARD, "x").orElseThrow().version());
        assertEquals(List.of(1L), told);
        log.settle();
        assertTrue(second.isDone());
        assertEquals(List.of(1L, 2L), told);
        assertEquals(2, log.log().register(ORG, BOARD, "x").orElseThrow().version());
    }

    @Test
    void aDecisionOnWhatIsNotSyncedWaitsForThatSync() throws Exception {
        SteppedLog log = open();
        CompletableFuture<?> first = log.send(to -> to.append(request(ANA, numbered(1, fact(BOARD, "painted")))));
        log.step();
        CompletableFuture<?> again = log.send(to -> to.append(request(ANA, numbered(1, fact(BOARD, "painted")))));
        CompletableFuture<?> late =
                log.send(to -> to.append(request(BEN, expecting(1, Map.of(BOARD, 0L), fact(BOARD, "painted")))));
        CompletableFuture<?> inTime =
                log.send(to -> to.append(request(BEN, expecting(2, Map.of(BOARD, 1L), fact(BOARD, "painted")))));
        List<CompletableFuture<?>> order = new ArrayList<>();
        List.of(first, again, late, inTime).forEach(answer -> answer.thenRun(() -> order.add(answer)));
        log.settle();
        assertEquals(List.of(first, again, late, inTime), order);
        assertInstanceOf(AppendResult.Duplicate.class, result(again));
        assertInstanceOf(AppendResult.Conflict.class, result(late));
        assertEquals(
                2, assertInstanceOf(AppendResult.Appended.class, result(inTime)).firstPosition());
    }

    @Test
    void aSyncThatFailsFailsWhatWasDecidedOnItAndStopsAppendsForGood() throws Exception {
        SteppedLog log = open();
        CompletableFuture<?> good = append(log, request(ANA, numbered(1, fact(BOARD, "painted"))));
        log.settle();
        CompletableFuture<?> first = append(log, request(ANA, numbered(2, fact(BOARD, "painted"))));
        CompletableFuture<?> conflict =
                log.send(to -> to.append(request(BEN, expecting(1, Map.of(BOARD, 1L), fact(BOARD, "painted")))));
        CompletableFuture<?> second = log.send(to -> to.append(request(BEN, online(2, fact(BOARD, "painted")))));
        failing = true;
        log.settle();
        failing = false;
        assertTrue(good.isDone() && !good.isCompletedExceptionally());
        for (CompletableFuture<?> answer : List.of(first, conflict, second)) {
            assertInstanceOf(OutcomeUnknownException.class, answer.exceptionNow());
        }
        assertEquals(1, log.log().head(ORG).position());
        assertTrue(log.log().health().needsRestart());
        CompletableFuture<?> later = append(log, request(BEN, online(3, fact(BOARD, "painted"))));
        assertInstanceOf(StorageFailedException.class, later.exceptionNow());
    }

    @Test
    void manyAppendsThroughTwoThreadsStayInOrder(@TempDir Path folder) throws Exception {
        int clients = 20;
        int appends = 200;
        List<CompletableFuture<AppendOutcome>> answers = new ArrayList<>();
        List<Long> told = new ArrayList<>();
        try (EventLog log = EmbeddedEventLog.open(folder, EmbeddedConfig.DEFAULT.withSegmentBytes(1 << 20))) {
            log.follow((org, events, head) -> events.forEach(event -> told.add(event.position())));
            for (int sequence = 1; sequence <= appends; sequence++) {
                for (int client = 0; client < clients; client++) {
                    Event event = new Event(
                            null, BOARD, "painted", null, null, EventData.binary(new byte[2_000]), null, null);
                    answers.add(log.append(request(new ClientId("c" + client), numbered(sequence, event)))
                            .toCompletableFuture());
                }
            }
            for (int i = 0; i < answers.size(); i++) {
                AppendOutcome.Settled settled = assertInstanceOf(AppendOutcome.Settled.class, await(answers.get(i)));
                AppendResult.Appended appended = assertInstanceOf(
                        AppendResult.Appended.class, settled.results().get(0));
                assertEquals(i + 1, appended.firstPosition());
            }
            assertEquals(
                    answers.size(), log.readMerged(ORG, MergedRead.after(0)).head());
        }
        assertEquals(answers.size(), told.size());
        assertEquals(answers.size(), told.getLast());
        assertEquals(List.of(), Verify.folder(folder).findings());
    }
}
