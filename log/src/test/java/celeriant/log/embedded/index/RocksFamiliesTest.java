package celeriant.log.embedded.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Heads have files of their own, and nobody notices: what one batch wrote is there together, after a crash, too. */
class RocksFamiliesTest {
    private static final long CACHE_BYTES = 8L << 20;
    private static final byte[] ENTRY = IndexKeys.covered();
    private static final byte[] HEAD = IndexKeys.heads(3, 4);
    private static final int BATCHES_MAX = 200;
    private static final int BATCH_BYTES = 1 << 20;

    @TempDir
    Path folder;

    @TempDir
    Path crashes;

    private int crash;

    private static byte[] numbered(int number, int bytes) {
        return ByteBuffer.allocate(bytes).putInt(number).array();
    }

    private static int number(byte[] value) {
        return value == null ? -1 : ByteBuffer.wrap(value).getInt();
    }

    private static void write(IndexStore store, int number, int entryBytes, int headBytes) {
        try (IndexStore.Batch batch = store.batch()) {
            batch.put(ENTRY, numbered(number, entryBytes));
            batch.put(HEAD, numbered(number, headBytes));
            batch.write();
        }
    }

    private List<Path> files(String part) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains(part))
                    .toList();
        }
    }

    /** @return the number of the batch that a machine that goes down now has left, in both families; -1 if none */
    private int left() throws IOException {
        Path crashed = Files.createDirectory(crashes.resolve("crash-" + ++crash));
        // What files name is there before they name it.
        for (String part : List.of("CURRENT", "MANIFEST", ".sst")) {
            for (Path file : files(part)) {
                Files.copy(file, crashed.resolve(file.getFileName()));
            }
        }
        try (RocksIndexStore left = RocksIndexStore.open(crashed, CACHE_BYTES)) {
            assertEquals(number(left.value(ENTRY)), number(left.value(HEAD)));
            return number(left.value(ENTRY));
        }
    }

    @Test
    void whatIsFlushedIsOfBothFamilies() throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            write(store, 1, 4, 4);
            store.flush(true);
            write(store, 2, 4, 4);
            assertEquals(1, left());
        }
    }

    @Test
    @Timeout(240)
    void aMemoryFullOfHeadsIsWrittenTogetherWithTheEntries() throws IOException {
        assertFlushedTogether(4, BATCH_BYTES);
    }

    @Test
    @Timeout(240)
    void aMemoryFullOfEntriesIsWrittenTogetherWithTheHeads() throws IOException {
        assertFlushedTogether(BATCH_BYTES, 4);
    }

    private void assertFlushedTogether(int entryBytes, int headBytes) throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            int left = -1;
            for (int i = 0; i < BATCHES_MAX && left < 0; i++) {
                write(store, i, entryBytes, headBytes);
                left = files(".sst").isEmpty() ? -1 : left();
            }
            assertTrue(left >= 0, "it is written by itself");
        }
    }

    @Test
    void aFamilyIsWalkedThroughByItself() throws IOException {
        byte[] below = {IndexKeys.HEADS - 1};
        byte[] above = {IndexKeys.HEADS + 1};
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            try (IndexStore.Batch batch = store.batch()) {
                for (byte[] key : List.of(below, HEAD, above)) {
                    batch.put(key, key);
                }
                batch.write();
            }
            assertWalk(store, IndexKeys.heads(0, 0), IndexKeys.heads(9, 0), HEAD);
            assertWalk(store, below, new byte[] {IndexKeys.HEADS}, below);
            assertWalk(store, above, new byte[] {IndexKeys.HEADS + 2}, above);
            try (IndexStore.Batch batch = store.batch()) {
                batch.delete(HEAD);
                batch.write();
            }
            assertNull(store.value(HEAD));
            assertArrayEquals(below, store.value(below));
        }
    }

    private static void assertWalk(IndexStore store, byte[] from, byte[] to, byte[] only) {
        try (IndexStore.Cursor cursor = store.scan(from, to)) {
            assertArrayEquals(only, cursor.key());
            cursor.next();
            assertFalse(cursor.isValid());
        }
    }
}
