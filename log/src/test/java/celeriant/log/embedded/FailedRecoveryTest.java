package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.numbered;
import static celeriant.log.contract.LogFixture.request;
import static celeriant.log.contract.LogFixture.set;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.log.Admission;
import celeriant.log.contract.TestClock;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.heads.HeadTable;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.index.IndexStores;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordCheck;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log that cannot be opened, while what was read back so far is being written to the index. */
@Timeout(240)
class FailedRecoveryTest {
    private static final int APPENDS = 12;
    private static final int INTACT = 8;
    /** How long a write to the store waits for somebody to close it. */
    private static final long WRITE_MILLIS = 300;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean wroteWhenClosed = new AtomicBoolean();

    /** A store whose writes take their time, and see whether it is closed meanwhile. */
    private IndexStore slow(IndexStore store) {
        return proxy(IndexStore.class, store, (name, result) -> {
            if (name.equals("close")) {
                closed.countDown();
            }
            return result instanceof IndexStore.Batch batch ? slow(batch) : result;
        });
    }

    private IndexStore.Batch slow(IndexStore.Batch batch) {
        return proxy(IndexStore.Batch.class, batch, (name, result) -> {
            if (name.equals("write") && awaitClosed()) {
                wroteWhenClosed.set(true);
            }
            return result;
        });
    }

    private boolean awaitClosed() {
        try {
            return closed.await(WRITE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Answered {
        Object by(String name, Object result);
    }

    private static <T> T proxy(Class<T> type, T of, Answered answered) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answered.by(method.getName(), method.invoke(of, arguments))));
    }

    private static void fill(Disk disk) throws IOException, InterruptedException {
        SteppedLog log = SteppedLog.open(disk, new MemoryIndexStore());
        for (int sequence = 1; sequence <= APPENDS; sequence++) {
            log.log().append(request(ANA, numbered(sequence, set(BOARD, "k", "1"))));
            log.settle();
        }
        log.close();
    }

    /** As when memory runs out: the next try, in the same process, finds nothing held. */
    @Test
    void anErrorWhileALogIsOpenedLetsGoOfAllThatIsItsOwn(@TempDir Path folder) throws IOException {
        Supplier<UUID> noIds = () -> {
            throw new OutOfMemoryError("simulated");
        };
        InstantSource noTime = () -> {
            throw new OutOfMemoryError("simulated");
        };
        assertThrows(OutOfMemoryError.class, () -> open(folder, new TestClock(), noIds));
        assertThrows(OutOfMemoryError.class, () -> open(folder, noTime, () -> SteppedLog.ID));
        open(folder, new TestClock(), () -> SteppedLog.ID).close();
    }

    private static EmbeddedEventLog open(Path folder, InstantSource clock, Supplier<UUID> ids) throws IOException {
        return EmbeddedEventLog.open(folder, EmbeddedConfig.DEFAULT, Admission.OPEN, clock, ids);
    }

    @Test
    void theStoreIsNotClosedUnderWhoWritesIt() throws IOException, InterruptedException {
        SimulatedDisk disk = new SimulatedDisk();
        fill(disk);
        AtomicInteger looked = new AtomicInteger();
        RecordCheck check = (bytes, start, length, salt, offset) ->
                RecordFormat.isIntact(bytes, start, length, salt, offset) && looked.getAndIncrement() < INTACT;
        IndexStore store = slow(new MemoryIndexStore());
        IndexStores stores = new IndexStores() {
            @Override
            public IndexStore open() {
                return store;
            }

            @Override
            public void delete() {
                throw new IllegalStateException("the index is thrown away");
            }
        };
        try (ExecutorService indexing = Executors.newSingleThreadExecutor()) {
            EngineParts parts = new EngineParts(
                    disk,
                    stores,
                    new TestClock(),
                    () -> SteppedLog.ID,
                    () -> 1,
                    Runnable::run,
                    indexing,
                    check,
                    () -> 0,
                    new LateSyncs(() -> true),
                    HeadTable::new);
            assertThrows(CorruptLogException.class, () -> Engine.open(parts, SteppedLog.CONFIG, Admission.OPEN));
        }
        assertFalse(wroteWhenClosed.get());
    }
}
