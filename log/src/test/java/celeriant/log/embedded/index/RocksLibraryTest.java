package celeriant.log.embedded.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the library cannot be unpacked, whoever opens the log is told so, and the index stays what it is. */
class RocksLibraryTest {
    @TempDir
    Path folder;

    /** A process that opens a log and closes it. */
    public static void main(String[] arguments) throws IOException {
        EmbeddedEventLog.open(Path.of(arguments[0]), EmbeddedConfig.DEFAULT).close();
    }

    /** @return what a process says that opens the log of {@link #folder}, its exit code before it */
    private String opened(Path temporary) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder opening = new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        RocksLibraryTest.class.getName(),
                        folder.resolve("log").toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        opening.environment().remove("ROCKSDB_SHAREDLIB_DIR");
        int code = opening.start().waitFor();
        return code + " " + Files.readString(said);
    }

    private Map<String, String> index() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder.resolve("log").resolve(RocksIndexStores.FOLDER))) {
            for (Path file : all.toList()) {
                files.put(
                        file.getFileName().toString(),
                        Files.size(file) + " " + Files.getLastModifiedTime(file) + " "
                                + Files.getAttribute(file, "unix:ino"));
            }
        }
        return files;
    }

    @Test
    @Timeout(120)
    void thatItCannotBeUnpackedIsToldAndTheIndexStaysAsItIs() throws IOException, InterruptedException {
        assertEquals("0", opened(Files.createDirectory(folder.resolve("good"))).split(" ", 2)[0]);
        Map<String, String> before = index();
        assertTrue(before.containsKey("CURRENT"), before.toString());
        String said = opened(folder.resolve("none"));
        assertTrue(said.startsWith("1 "), said);
        assertTrue(said.contains("name a folder that programs may be run from: -Djava.io.tmpdir="), said);
        assertEquals(before, index());
    }
}
