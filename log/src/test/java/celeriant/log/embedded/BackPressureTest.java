package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A queue that is full, and a write that no record can hold, are answered at once. */
class BackPressureTest {
    private static final int TOO_MANY_BYTES = 40 << 20;

    private static Workload.Write append(long id) {
        return log -> log.append(request(BEN, online(id, fact(BOARD, "painted"))));
    }

    @Test
    void aFullQueueAnswersBusyAndSettlesWhatItTook() throws Exception {
        SteppedLog log = SteppedLog.open(new SimulatedDisk(), new MemoryIndexStore());
        int queueWritesMax = SteppedLog.CONFIG.queueWritesMax();
        List<CompletableFuture<?>> taken = new ArrayList<>();
        for (int i = 1; i <= queueWritesMax; i++) {
            taken.add(log.send(append(i)));
        }
        AppendOutcome.Refused refused = assertInstanceOf(
                AppendOutcome.Refused.class,
                log.send(append(queueWritesMax + 1)).getNow(null));
        assertEquals(ErrorCode.BUSY, refused.problem().code());
        assertFalse(taken.getFirst().isDone());
        log.settle();
        assertEquals(queueWritesMax, log.log().head(ORG).position());
        taken.forEach(answer -> assertInstanceOf(AppendOutcome.Settled.class, answer.getNow(null)));
    }

    @Test
    void aRequestThatIsLargerThanTheQueueIsTakenWhenItIsAlone() throws Exception {
        SteppedLog log = SteppedLog.open(new SimulatedDisk(), new MemoryIndexStore());
        EventData data = EventData.binary(new byte[(int) SteppedLog.CONFIG.queueBytesMax() / 4]);
        List<Append> appends = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            appends.add(online(i, Event.of(BOARD, "painted", data)));
        }
        AppendRequest large = new AppendRequest(ORG, BEN, null, appends, Caller.EMBEDDER);
        CompletableFuture<?> first = log.send(to -> to.append(large));
        AppendOutcome.Refused busy = assertInstanceOf(
                AppendOutcome.Refused.class, log.send(append(9)).getNow(null));
        assertEquals(ErrorCode.BUSY, busy.problem().code());
        log.settle();
        assertInstanceOf(AppendOutcome.Settled.class, first.getNow(null));
        assertEquals(5, log.log().head(ORG).position());
        log.send(append(9));
        log.settle();
        assertEquals(6, log.log().head(ORG).position());
    }

    @Test
    void aSnapshotThatNoRecordHoldsIsRefusedAndHarmsNobody() throws Exception {
        SteppedLog log = SteppedLog.open(new SimulatedDisk(), new MemoryIndexStore());
        byte[] data = new byte[TOO_MANY_BYTES];
        SnapshotRequest request = new SnapshotRequest(
                ORG, BOARD, 1, "text/plain", data, false, new ExpectedVersion.Any(), Caller.EMBEDDER);
        CompletableFuture<?> answer = log.send(to -> to.putSnapshot(request));
        SnapshotOutcome.Refused refused = assertInstanceOf(SnapshotOutcome.Refused.class, answer.getNow(null));
        assertEquals(ErrorCode.TOO_LARGE, refused.problem().code());
        log.send(append(1));
        log.settle();
        assertEquals(1, log.log().head(ORG).position());
    }
}
