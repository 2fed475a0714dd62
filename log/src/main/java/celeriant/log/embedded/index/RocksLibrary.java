package celeriant.log.embedded.index;

import java.io.IOException;
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

    /** Loads it, if that has not been done; where RocksDB is told a folder to unpack it into, from there. */
    static void load() {
        try {
            if (System.getenv("ROCKSDB_SHAREDLIB_DIR") == null) {
                loadUnpacked();
            }
            RocksDB.loadLibrary();
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new IllegalStateException(
                    "RocksDB's library cannot be unpacked into the temporary folder and loaded from there (" + e
                            + "); name a folder that programs may be run from: -Djava.io.tmpdir=DIR",
                    e);
        }
    }

    private static void loadUnpacked() throws IOException {
        Path folder = Files.createTempDirectory("celeriant-rocksdb");
        try {
            NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
        } finally {
            remove(folder);
        }
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
