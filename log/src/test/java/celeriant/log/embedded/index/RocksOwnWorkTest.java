package celeriant.log.embedded.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What RocksDB has to put in order waits until the log is open: the opening needs the processor itself. */
class RocksOwnWorkTest {
    private static final long CACHE_BYTES = 8L << 20;
    private static final byte[] KEY = {1};

    /** Four times as many as RocksDB lets come together. */
    private static final int FLUSHES = 16;

    @TempDir
    Path folder;

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".sst")).count();
        }
    }

    private static void write(RocksIndexStore store, int value) {
        try (IndexStore.Batch batch = store.batch()) {
            batch.put(KEY, new byte[] {(byte) value});
            batch.write();
        }
        store.flush(true);
    }

    @Test
    @Timeout(60)
    void filesAreMergedOnceItMayBeginAndNotBefore() throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            for (int i = 0; i < FLUSHES; i++) {
                write(store, i);
            }
            assertEquals(FLUSHES, files());
            store.beginOwnWork();
            int next = FLUSHES;
            while (files() >= FLUSHES && !Thread.currentThread().isInterrupted()) {
                if (next < 2 * FLUSHES) {
                    write(store, next++);
                }
            }
            assertArrayEquals(new byte[] {(byte) (next - 1)}, store.value(KEY));
        }
    }
}
