package celeriant.log.embedded.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksBatchTest {
    private static final long CACHE_BYTES = 8L << 20;

    @TempDir
    Path folder;

    @Test
    void ofChangesToOneKeyTheLaterOneWins() throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            try (IndexStore.Batch batch = store.batch()) {
                batch.put(ascii("a"), ascii("1"));
                batch.put(ascii("b"), ascii("1"));
                batch.deleteRange(ascii("a"), ascii("c"));
                batch.put(ascii("b"), ascii("2"));
                batch.put(ascii("c"), ascii("1"));
                batch.delete(ascii("c"));
                batch.write();
            }
            assertNull(store.value(ascii("a")));
            assertEquals("2", new String(store.value(ascii("b")), StandardCharsets.US_ASCII));
            assertNull(store.value(ascii("c")));
        }
    }

    @Test
    void keysAndValuesOfEveryLengthComeBackAsTheyWere() throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            try (IndexStore.Batch batch = store.batch()) {
                for (int length : new int[] {1, 127, 128, 16_383, 16_384, 70_000}) {
                    batch.put(filled(length), filled(length));
                }
                batch.put(ascii("empty"), new byte[0]);
                batch.write();
            }
            for (int length : new int[] {1, 127, 128, 16_383, 16_384, 70_000}) {
                assertArrayEquals(filled(length), store.value(filled(length)), length + " bytes");
            }
            assertArrayEquals(new byte[0], store.value(ascii("empty")));
        }
    }

    @Test
    void nothingIsThereBeforeTheBatchIsWritten() throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES);
                IndexStore.Batch batch = store.batch()) {
            batch.put(ascii("a"), ascii("1"));
            assertNull(store.value(ascii("a")));
        }
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + length);
        }
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
