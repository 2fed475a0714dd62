package celeriant.log.embedded.index;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.Measures;
import celeriant.log.embedded.system.FreedMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What measurements found, as RocksDB itself says that it took it. */
class RocksSettingsTest {
    private static final long CACHE_BYTES = 8L << 20;

    @TempDir
    Path folder;

    private List<String> taken() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path options = files.filter(file -> file.getFileName().toString().startsWith("OPTIONS"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(options).stream().map(String::strip).toList();
        }
    }

    /** With its own 16 appends to many aggregates come to a quarter for seconds, at each large merge. */
    @Test
    void whereMergingIsBehindWritesBeginWith64MebibytesASecond() throws IOException {
        RocksIndexStore.open(folder, CACHE_BYTES).close();
        assertTrue(taken().contains("delayed_write_rate=" + (64 << 20)), taken().toString());
    }

    /** Sooner, and a machine that takes 200,000 appends/s to many aggregates is there before one merge has ended. */
    @Test
    void writesAreSlowedAtFourTimesTheFilesThatAreMerged() throws IOException {
        RocksIndexStore.open(folder, CACHE_BYTES).close();
        for (int files : List.of(16, 24)) {
            assertTrue(taken().contains("level0_file_num_compaction_trigger=" + files), taken().toString());
            assertTrue(taken().contains("level0_slowdown_writes_trigger=" + 4 * files), taken().toString());
        }
    }

    private static long memory(RocksIndexStore store) {
        long[] bytes = new long[1];
        store.show(new Measures() {
            @Override
            public void gauge(String name, String meaning, long value) {
                bytes[0] = name.equals("index_cache_bytes") ? value : bytes[0];
            }

            @Override
            public void counter(String name, String meaning, long value) {
                // Not looked for.
            }

            @Override
            public void histogram(String name, String meaning, double[] bounds, long[] counts, double sum) {
                // Not looked for.
            }
        });
        return bytes[0];
    }

    /** Or blocks and memtables together may take twice of what was said. */
    @Test
    void whatIsNotInFilesYetCountsAsMemoryOfTheIndex() throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES)) {
            try (IndexStore.Batch batch = store.batch()) {
                for (int i = 0; i < 64; i++) {
                    batch.put(IndexKeys.heads(i, 0), new byte[64 << 10]);
                }
                batch.write();
            }
            long shown = memory(store);
            assertTrue(shown >= 4 << 20, "4 MiB were put, it shows " + shown);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatWasFreedIsGivenBackWhileMuchIsWritten() throws IOException {
        try (RocksIndexStore store = RocksIndexStore.open(folder, CACHE_BYTES);
                FreedMemory memory = new FreedMemory()) {
            memory.takeAndFree();
            assertFalse(memory.isGivenBack(), memory.toString());
            for (int i = 0; i < 80; i++) {
                try (IndexStore.Batch batch = store.batch()) {
                    batch.put(IndexKeys.heads(i, 0), new byte[1 << 20]);
                    batch.write();
                }
            }
            assertTrue(memory.isGivenBack(), memory.toString());
        }
    }
}
