package celeriant.log.embedded.index;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
}
