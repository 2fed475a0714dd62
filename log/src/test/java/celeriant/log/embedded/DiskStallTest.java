package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AppendOutcome;
import celeriant.log.LogHealth;
import celeriant.log.embedded.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that hangs fails nothing; the log says that it takes no appends, until the disk comes back. */
@Timeout(240)
class DiskStallTest {
    private static final Duration LIMIT = EmbeddedConfig.DEFAULT.diskStall();

    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch comesBack = new CountDownLatch(1);
    private volatile String hangingCall = "";

    private final class Hanging extends DiskLayer.FileLayer {
        Hanging(Disk.DiskFile below) {
            super(below);
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            hang("write");
            super.write(from, offset);
        }

        @Override
        public void force() throws IOException {
            hang("sync");
            super.force();
        }

        private void hang(String call) throws IOException {
            if (!call.equals(hangingCall)) {
                return;
            }
            hangingCall = "";
            hangs.countDown();
            try {
                assertTrue(comesBack.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private SteppedLog open() throws IOException {
        Disk disk = DiskLayer.filesOf(new SimulatedDisk(), (file, isNew) -> new Hanging(file));
        return SteppedLog.open(disk, new MemoryIndexStore());
    }

    private static void settle(SteppedLog log) {
        try {
            log.settle();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "sync"})
    void itIsToldWhileItLastsAndForgottenAfterwards(String call) throws Exception {
        SteppedLog log = open();
        hangingCall = call;
        CompletableFuture<?> answer = log.send(to -> to.append(request(BEN, online(1, fact(BOARD, "painted")))));
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> settle(log));
        assertTrue(hangs.await(60, TimeUnit.SECONDS));
        assertEquals(LogHealth.GOOD, log.log().health(), "it may still come back in time");
        log.pass(LIMIT);
        LogHealth health = log.log().health();
        assertFalse(health.takesAppends());
        assertFalse(health.needsRestart(), "it may come back");
        assertTrue(health.reason().startsWith("the disk hangs"), health.reason());
        assertTrue(MeasuresTest.value(log.log(), "disk_wait_millis") >= LIMIT.toMillis());
        assertFalse(answer.isDone());
        comesBack.countDown();
        writer.get(60, TimeUnit.SECONDS);
        assertEquals(LogHealth.GOOD, log.log().health());
        assertEquals(0, MeasuresTest.value(log.log(), "disk_wait_millis"));
        assertInstanceOf(AppendOutcome.Settled.class, answer.join());
    }

    @Test
    void aWriterThatHasNothingToDoIsNoHangingDisk() throws Exception {
        SteppedLog log = open();
        log.pass(LIMIT.multipliedBy(2));
        assertEquals(LogHealth.GOOD, log.log().health());
    }
}
