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

    /** Twice as many as RocksDB lets come together. */
    private static final int FLUSHES = 8;

    @TempDir
    Path folder;

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".sst")).count();
        }
    }

    @Test
    @Timeout(60)
    void filesAreMergedOnceItMayBeginAndNotBefore() throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            for (byte i = 0; i < FLUSHES; i++) {
                try (IndexStore.Batch batch = store.batch()) {
                    batch.put(KEY, new byte[] {i});
                    batch.write();
                }
                store.flush(true);
            }
            assertEquals(FLUSHES, files());
            store.beginOwnWork();
            while (files() > 1) {
                Thread.onSpinWait();
            }
            assertArrayEquals(new byte[] {FLUSHES - 1}, store.value(KEY));
        }
    }
}
