package celeriant.log.embedded.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * RocksDB's own part, 17 MB that lie in a jar. It is unpacked into the temporary folder, loaded, and its file removed
 * at once: RocksDB leaves that to the end of the JVM, and each process that is killed would leave one.
 */
final class RocksLibrary {
    private RocksLibrary() {}

    /** Loads it, if that has not been done. */
    static void load() {
        try {
            Path folder = Files.createTempDirectory("celeriant-rocksdb");
            try {
                NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
            } finally {
                remove(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot unpack RocksDB's library into the temporary folder; another one is said by"
                            + " -Djava.io.tmpdir=DIR",
                    e);
        }
        RocksDB.loadLibrary();
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                // What a system does not remove while it is loaded stays until the JVM ends.
                if (!file.toFile().delete()) {
                    file.toFile().deleteOnExit();
                }
            }
        }
    }
}
