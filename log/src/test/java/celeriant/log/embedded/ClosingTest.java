package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.await;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.numbered;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.EventLog;
import celeriant.log.LogHealth;
import celeriant.log.StorageFailedException;
import celeriant.log.contract.TestAdmission;
import celeriant.log.embedded.compaction.Compactor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log is closed once and to its end, whoever closes it, how often, and whatever goes on meanwhile. */
@Timeout(240)
class ClosingTest {
    private static final int APPENDS = 20;
    private static final EmbeddedConfig CONFIG = EmbeddedConfig.DEFAULT.withSegmentBytes(64 << 10);

    @TempDir
    private Path folder;

    private long sequence;

    private EmbeddedEventLog open(String name) throws IOException {
        return EmbeddedEventLog.open(folder.resolve(name), CONFIG);
    }

    private EmbeddedEventLog filled(String name) throws IOException {
        sequence = 0;
        EmbeddedEventLog log = open(name);
        for (int i = 0; i < APPENDS; i++) {
            append(log);
        }
        return log;
    }

    private void append(EventLog log) {
        await(log.append(request(ANA, numbered(++sequence, fact(BOARD, "painted")))));
    }

    /** Its index is closed, and whoever asks a closed RocksDB takes the process down. */
    @Test
    void aClosedLogIsNotCompacted() throws Exception {
        EmbeddedEventLog log = filled("compacted");
        log.close();
        assertThrows(IllegalStateException.class, log::compact);
    }

    private void assertWhole(String name) throws IOException {
        try (EventLog again = open(name)) {
            assertEquals(sequence, again.head(ORG).position());
        }
    }

    /** Runs it on both of two threads at the same time. @return what one of them threw, or null */
    private static Throwable twiceAtOnce(Runnable task) throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(2);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Runnable one = () -> {
            try {
                start.await();
                task.run();
            } catch (Exception | Error e) {
                thrown.set(e);
            }
        };
        Thread other = Thread.ofPlatform().start(one);
        one.run();
        other.join();
        return thrown.get();
    }

    @Test
    void ofTwoWhoCloseItAtOnceBothFindItClosed() throws Exception {
        for (int i = 0; i < 10; i++) {
            EmbeddedEventLog log = filled("log" + i);
            assertEquals(null, twiceAtOnce(() -> {
                log.close();
                assertThrows(IllegalStateException.class, () -> log.head(ORG));
            }));
            assertWhole("log" + i);
        }
    }

    @Test
    void aThreadThatWasInterruptedClosesItToItsEnd() throws Exception {
        EmbeddedEventLog log = filled("log");
        Thread.currentThread().interrupt();
        log.close();
        assertTrue(Thread.interrupted(), "the interruption is forgotten");
        assertWhole("log");
    }

    @Test
    void theWritersThreadCannotCloseIt() throws Exception {
        try (EmbeddedEventLog log = filled("log")) {
            Throwable thrown = log.append(request(ANA, numbered(++sequence, fact(BOARD, "painted"))))
                    .thenRun(log::close)
                    .handle((none, failure) -> failure)
                    .toCompletableFuture()
                    .join();
            // It may have been answered before the continuation was there, which then ran here.
            if (thrown != null) {
                assertInstanceOf(CompletionException.class, thrown);
                assertInstanceOf(IllegalStateException.class, thrown.getCause());
            }
        }
        assertWhole("log");
    }

    @Test
    void itWaitsForWhoHoldsItsFiles() throws Exception {
        SteppedLog stepped = SteppedLog.open(new SimulatedDisk(), new MemoryIndexStore());
        EmbeddedEventLog log = (EmbeddedEventLog) stepped.log();
        CountDownLatch isHeld = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> hold(stepped.compactor(), isHeld, letGo));
        isHeld.await();
        Thread closer = Thread.ofPlatform().start(log::close);
        while (closer.isAlive() && !isWaitingIn("awaitEnd")) {
            Thread.onSpinWait();
        }
        assertTrue(closer.isAlive(), "it was closed under who holds its files");
        letGo.countDown();
        closer.join();
        holder.join();
        assertThrows(IllegalStateException.class, () -> log.backup(folder.resolve("backup")));
        assertThrows(IllegalStateException.class, log::compact);
    }

    private static void hold(Compactor compactor, CountDownLatch isHeld, CountDownLatch letGo) {
        try {
            compactor.hold(() -> {
                isHeld.countDown();
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return null;
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isWaitingIn(String method) {
        return Thread.getAllStackTraces().entrySet().stream()
                .anyMatch(thread -> thread.getKey().getState() == Thread.State.WAITING
                        && Arrays.stream(thread.getValue())
                                .anyMatch(frame -> frame.getMethodName().equals(method)));
    }

    /** As when the machine has no more memory. */
    @Test
    void aWriterThatDiedLetsNobodyWaitAndSaysWhatItDiedOf() throws Exception {
        TestAdmission admission = new TestAdmission();
        EmbeddedEventLog log = EmbeddedEventLog.open(folder.resolve("log"), CONFIG, admission);
        append(log);
        admission.rule((request, append, view) -> {
            throw new OutOfMemoryError("simulated");
        });
        var unknown = log.append(request(ANA, numbered(sequence + 1, fact(BOARD, "painted"))));
        assertThrows(
                CompletionException.class, () -> unknown.toCompletableFuture().join());
        LogHealth health = log.health();
        assertTrue(health.needsRestart());
        assertTrue(health.reason().contains("OutOfMemoryError: simulated"), health.reason());
        assertFalse(health.reason().contains("storage"), health.reason());
        var refused = log.append(request(ANA, numbered(sequence + 1, fact(BOARD, "painted"))));
        assertInstanceOf(
                StorageFailedException.class,
                assertThrows(
                                CompletionException.class,
                                () -> refused.toCompletableFuture().join())
                        .getCause());
        assertThrows(IOException.class, log::compact);
        assertEquals(sequence, log.head(ORG).position());
        log.close();
        assertWhole("log");
    }
}
