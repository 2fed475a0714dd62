package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import celeriant.log.EventLog;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which threads of a running log come after others, as {@code /proc} tells (proc(5)). */
@EnabledOnOs(OS.LINUX)
@Timeout(240)
class ThreadRanksTest {
    private static final int BEHIND = 10;
    private static final int NICE_MAX = 19;
    /** In the fields behind the thread's name. */
    private static final int NICE_FIELD = 16;

    private static final int APPENDS_MAX = 2_000;
    private static final String MERGING = "rocksdb:low";
    private static final String FLUSHING = "rocksdb:high";

    /** Each append writes the index, so that there soon is something to merge. */
    private static final EmbeddedConfig CONFIG =
            EmbeddedConfig.DEFAULT.withIndex(8 << 20, 1, 1).withFreeBytesMin(0);

    @TempDir
    private Path folder;

    /** The rank of each thread of this process by the first fifteen letters of its name; the last one of several. */
    private static Map<String, Integer> ranks() throws IOException {
        Map<String, Integer> ranks = new TreeMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                String stat = stat(thread);
                if (!stat.isEmpty()) {
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                    ranks.merge(name, rank(stat), Math::max);
                }
            }
        }
        return ranks;
    }

    private static String stat(Path thread) throws IOException {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            // It ended between the two: no such process.
            if (Files.exists(thread)) {
                throw e;
            }
            return "";
        }
    }

    private static int rank(String stat) {
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_FIELD]);
    }

    private static int own() throws IOException {
        return rank(Files.readString(Path.of("/proc/thread-self/stat")));
    }

    /** They take their rank when they begin, RocksDB's with their next work: they are of all logs of this process. */
    private static boolean haveBegun(int own) throws IOException {
        Map<String, Integer> ranks = ranks();
        return Stream.of("celeriant-index", "celeriant-compa", FLUSHING, MERGING)
                .allMatch(name -> ranks.getOrDefault(name, own) != own);
    }

    @Test
    void whatWorksBehindTheAppendsComesAfterThem() throws Exception {
        int own = own();
        assumeTrue(own < NICE_MAX, "all threads come last already");
        try (EventLog log = EmbeddedEventLog.open(folder, CONFIG)) {
            for (int i = 1; i <= APPENDS_MAX && !haveBegun(own); i++) {
                await(MeasuresTest.append(i).send(log));
            }
            int behind = Math.min(own + BEHIND, NICE_MAX);
            Map<String, Integer> expected = Map.of(
                    "celeriant-write",
                    own,
                    "celeriant-sync",
                    own,
                    "celeriant-segme",
                    own,
                    "celeriant-index",
                    behind,
                    "celeriant-compa",
                    behind,
                    FLUSHING,
                    NICE_MAX,
                    MERGING,
                    NICE_MAX);
            Map<String, Integer> ranks = ranks();
            ranks.keySet().retainAll(expected.keySet());
            assertEquals(new TreeMap<>(expected), ranks);
        }
    }
}
