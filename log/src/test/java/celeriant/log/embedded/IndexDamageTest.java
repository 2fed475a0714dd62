package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
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
import celeriant.log.OutcomeUnknownException;
import celeriant.log.embedded.index.DamagedIndexException;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.index.RocksIndexStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bits of the index's files flip: what is read is right or refused, and a restart heals it. */
class IndexDamageTest {
    private static final int FLIPS = 12;
    private static final EmbeddedConfig CONFIG =
            EmbeddedConfig.DEFAULT.withSegmentBytes(256 << 10).withIndex(1 << 20, 64, 1 << 20);

    @TempDir
    private Path folder;

    private LogImage expected;

    @BeforeEach
    void fill() throws IOException {
        try (EventLog log = open()) {
            for (Workload.Write write : Workload.of(200, new SplittableRandom(5))) {
                await(write.send(log));
            }
            expected = LogImage.of(log);
        }
    }

    private EventLog open() throws IOException {
        return EmbeddedEventLog.open(folder, CONFIG);
    }

    private List<Path> files(String suffix) throws IOException {
        try (var files = Files.list(folder.resolve("index"))) {
            return files.filter(file -> file.getFileName().toString().contains(suffix))
                    .toList();
        }
    }

    /** @return whether it was read, and not refused */
    private boolean reads() throws IOException {
        try (EventLog log = open()) {
            assertEquals(expected, LogImage.of(log));
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void flipAndHeal(String suffix) throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < FLIPS; i++) {
            List<Path> files = files(suffix);
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(file);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            assertTrue(reads() || reads(), "a restart did not heal flip " + i);
        }
    }

    @Test
    void aFlippedBitInATableIsNeverServedAndHealed() throws IOException {
        flipAndHeal(".sst");
    }

    @Test
    void aFlippedBitInTheManifestIsHealed() throws IOException {
        flipAndHeal("MANIFEST");
    }

    @Test
    void damageThatAReadMeetsIsNotedForTheNextStart() throws IOException {
        Path index = folder.resolve("index");
        Path table = files(".sst").getFirst();
        byte[] bytes = Files.readAllBytes(table);
        for (int at = 0; at < bytes.length / 3; at += 64) {
            bytes[at] ^= 1;
        }
        Files.write(table, bytes);
        try (RocksIndexStore store = RocksIndexStore.open(index, 1 << 20)) {
            assertThrows(DamagedIndexException.class, () -> readAll(store));
        }
        assertTrue(Files.exists(index.resolve(RocksIndexStore.DAMAGED)));
        assertThrows(IOException.class, () -> RocksIndexStore.open(index, 1 << 20));
        assertTrue(reads());
        assertFalse(Files.exists(index.resolve(RocksIndexStore.DAMAGED)));
    }

    /** Every write would meet it again: so it is said, and an operator can restart. */
    @Test
    void damageThatTheWriterMeetsStopsAppends() throws Exception {
        AtomicBoolean damaged = new AtomicBoolean();
        StoreLayer store = new StoreLayer(new MemoryIndexStore()) {
            @Override
            public byte[] value(byte[] key) {
                if (damaged.get()) {
                    throw new DamagedIndexException(null);
                }
                return super.value(key);
            }
        };
        SteppedLog log = SteppedLog.open(new SimulatedDisk(), store);
        damaged.set(true);
        CompletableFuture<?> answer = log.send(to -> to.append(request(ANA, numbered(1, fact(BOARD, "painted")))));
        log.settle();
        ExecutionException failure = assertThrows(ExecutionException.class, answer::get);
        assertInstanceOf(OutcomeUnknownException.class, failure.getCause());
        assertFalse(log.log().health().takesAppends());
        assertTrue(
                log.log().health().reason().contains("a restart builds it anew"),
                log.log().health().reason());
    }

    private static void readAll(IndexStore store) {
        byte[] last = new byte[16];
        Arrays.fill(last, (byte) 0xFF);
        try (IndexStore.Cursor all = store.cursor(new byte[0], last)) {
            while (all.isValid()) {
                all.next();
            }
        }
    }
}
