package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.id;
import static celeriant.log.contract.LogFixture.json;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.DiscardOutcome;
import celeriant.log.MergedRead;
import celeriant.log.TrimRequest;
import celeriant.log.contract.TestClock;
import celeriant.log.embedded.commit.DiskWatch;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A disk that gets full: appends are refused in time, everything else goes on, and so do appends when there is room.
 */
class LowDiskTest {
    private static final int FREE_BYTES_MIN = 200 << 10;
    private static final int CAPACITY_BYTES = 1 << 20;
    private static final int LARGER_BYTES = 2 << 20;
    private static final int EVENT_BYTES = 10_000;
    private static final int APPENDS_OF_A_SEGMENT = 8;
    private static final EmbeddedConfig CONFIG = SteppedLog.CONFIG.withFreeBytesMin(FREE_BYTES_MIN);

    private static final Caller HURRIED = new Caller() {
        @Override
        public boolean cannotWait() {
            return true;
        }
    };

    private final TestClock clock = new TestClock();
    private final SimulatedDisk disk = new SimulatedDisk();
    private SteppedLog log;
    private long appended;

    @BeforeEach
    void open() throws IOException {
        disk.limitTo(CAPACITY_BYTES);
        log = SteppedLog.open(disk, new MemoryIndexStore(), RecordFormat::isIntact, CONFIG, clock);
    }

    private AppendOutcome append() throws Exception {
        clock.advance(Duration.ofMillis(DiskWatch.INTERVAL_MILLIS));
        log.settle();
        Event event = Event.of(BOARD, "drawn", json("\"" + "x".repeat(EVENT_BYTES) + "\""));
        var answer = log.send(to -> to.append(request(BEN, online(appended + 1, event))));
        log.settle();
        AppendOutcome outcome = (AppendOutcome) answer.join();
        appended += outcome instanceof AppendOutcome.Settled ? 1 : 0;
        return outcome;
    }

    private AppendOutcome.Refused fill() throws Exception {
        AppendOutcome outcome = append();
        while (outcome instanceof AppendOutcome.Settled) {
            outcome = append();
        }
        return assertInstanceOf(AppendOutcome.Refused.class, outcome);
    }

    @Test
    void appendsAreRefusedBeforeTheDiskIsFull() throws Exception {
        assertEquals(ErrorCode.STORAGE_FULL, fill().problem().code());
        assertTrue(appended > 10, "only " + appended);
        assertTrue(disk.usableBytes() > FREE_BYTES_MIN, "only " + disk.usableBytes() + " bytes are left");
        assertFalse(log.log().health().takesAppends());
        assertTrue(
                log.log().health().reason().contains("room"), log.log().health().reason());
    }

    @Test
    void readsAndTrimsGoOn() throws Exception {
        fill();
        assertEquals(appended, log.log().readMerged(ORG, MergedRead.after(0)).head());
        var trimmed = log.send(to -> to.trim(
                new TrimRequest(ORG, ANA, id(1), BOARD, new ExpectedVersion.Any(), appended, true, Caller.EMBEDDER)));
        log.settle();
        assertInstanceOf(DiscardOutcome.Discarded.class, trimmed.join());
        assertInstanceOf(AppendOutcome.Refused.class, append());
    }

    @Test
    void whatCannotWaitIsTakenForAsLongAsWhatIsKeptForItLasts() throws Exception {
        fill();
        int taken = 0;
        while (appendWithoutWaiting() instanceof AppendOutcome.Settled) {
            taken++;
        }
        assertTrue(taken > 10, "only " + taken);
        assertTrue(disk.usableBytes() > FREE_BYTES_MIN / 2, "only " + disk.usableBytes() + " bytes are left");
        disk.limitTo(LARGER_BYTES);
        assertInstanceOf(AppendOutcome.Settled.class, append());
        disk.limitTo(CAPACITY_BYTES);
        fill();
        assertInstanceOf(AppendOutcome.Settled.class, appendWithoutWaiting());
    }

    private AppendOutcome appendWithoutWaiting() throws Exception {
        Event event = Event.of(BOARD, "revoked", json("1"));
        Append append = Append.online(UUID.randomUUID(), List.of(event), Map.of());
        var answer = log.send(to -> to.append(new AppendRequest(ORG, ANA, null, List.of(append), HURRIED)));
        log.settle();
        return (AppendOutcome) answer.join();
    }

    /** It is a question; readers ask it, too, before they trust what they read. */
    @Test
    void aClientIsToldItsHead() throws Exception {
        fill();
        var head = log.send(to -> to.append(request(BEN)));
        log.settle();
        assertInstanceOf(AppendOutcome.Settled.class, head.join());
    }

    @Test
    void appendsGoOnOnceThereIsRoom() throws Exception {
        fill();
        disk.limitTo(LARGER_BYTES);
        assertInstanceOf(AppendOutcome.Settled.class, append());
        assertTrue(log.log().health().takesAppends());
        assertEquals(appended, log.log().head(ORG).position());
    }

    /** The next segment is made ahead, and that failed when there was no room. */
    @Test
    void aLogThatIsOpenedOnAFullDiskGoesOnThroughManySegmentsOnceThereIsRoom() throws Exception {
        fill();
        SimulatedDisk full = disk.copyWithin(CAPACITY_BYTES - disk.usableBytes() - 1);
        log = SteppedLog.open(full, new MemoryIndexStore(), RecordFormat::isIntact, CONFIG, clock);
        assertInstanceOf(AppendOutcome.Refused.class, append());
        assertFalse(full.list().stream().anyMatch(name -> name.endsWith(".new")), "what could not be made takes room");
        full.limitTo(LARGER_BYTES);
        for (int i = 0; i < APPENDS_OF_A_SEGMENT; i++) {
            assertInstanceOf(AppendOutcome.Settled.class, append());
        }
    }

    @Test
    void aLogThatIsOpenedOnAFullDiskRefusesTheFirstAppend() throws Exception {
        fill();
        SteppedLog again = SteppedLog.open(
                disk.copyWithin(CAPACITY_BYTES), new MemoryIndexStore(), RecordFormat::isIntact, CONFIG, clock);
        var answer = again.send(to -> to.append(request(BEN, online(appended + 1, fact(BOARD, "drawn")))));
        assertInstanceOf(AppendOutcome.Refused.class, answer.getNow(null));
        assertEquals(appended, again.log().head(ORG).position());
    }
}
