package celeriant.log.embedded.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Env;
import org.rocksdb.Priority;

/** What RocksDB has to put in order waits until the log is open: the opening needs the processor itself. */
class RocksOwnWorkTest {
    private static final long CACHE_BYTES = 8L << 20;
    private static final byte[] ENTRY = {1};
    private static final byte[] HEAD = IndexKeys.heads(0, 0);

    /** More than RocksDB lets come together, of either family. */
    private static final int FLUSHES = 32;

    @TempDir
    Path folder;

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".sst")).count();
        }
    }

    private static void write(RocksIndexStore store, byte[] key, int value) {
        try (IndexStore.Batch batch = store.batch()) {
            batch.put(key, new byte[] {(byte) value});
            batch.write();
        }
    }

    private void assertMergedOnceItMayBegin(byte[] key) throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            for (int i = 0; i < FLUSHES; i++) {
                write(store, key, i);
                store.flush(true);
            }
            assertEquals(FLUSHES, files());
            store.beginOwnWork();
            int next = FLUSHES;
            while (files() >= FLUSHES && !Thread.currentThread().isInterrupted()) {
                if (next < 2 * FLUSHES) {
                    write(store, key, next++);
                    store.flush(true);
                }
            }
            assertArrayEquals(new byte[] {(byte) (next - 1)}, store.value(key));
        }
    }

    @Test
    @Timeout(240)
    void filesOfEntriesAreMergedOnceItMayBeginAndNotBefore() throws IOException {
        assertMergedOnceItMayBegin(ENTRY);
    }

    @Test
    @Timeout(240)
    void filesOfHeadsAreMergedOnceItMayBeginAndNotBefore() throws IOException {
        assertMergedOnceItMayBegin(HEAD);
    }

    /** The writer of the log would wait for the index, and all appends for it. */
    @Test
    @Timeout(value = 240, threadMode = ThreadMode.SEPARATE_THREAD)
    void aFlushThatIsOnlyStartedDoesNotWaitForAMergeThatIsBehind() throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            Env.getDefault().setBackgroundThreads(0, Priority.LOW);
            store.beginOwnWork();
            for (int i = 0; i < FLUSHES; i++) {
                write(store, ENTRY, i);
                store.flush(true);
            }
            write(store, ENTRY, FLUSHES);
            store.flush(false);
            assertArrayEquals(new byte[] {FLUSHES}, store.value(ENTRY));
        } finally {
            Env.getDefault().setBackgroundThreads(1, Priority.LOW);
        }
    }
}
