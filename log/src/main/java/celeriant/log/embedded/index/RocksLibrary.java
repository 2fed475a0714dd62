package celeriant.log.embedded.index;

import celeriant.log.library.UnpackedLibrary;
import java.io.IOException;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/** RocksDB's own part: 17 MB in its jar. */
final class RocksLibrary {
    /** What RocksDB's own loader failed of: asked once more, it would wait for ever for what it began. */
    private static Throwable failure;

    private RocksLibrary() {}

    /**
     * Loads it, if that has not been done; where RocksDB is told a folder to unpack it into, from there. Thread-safe.
     */
    static synchronized void load() {
        try {
            if (System.getenv("ROCKSDB_SHAREDLIB_DIR") == null) {
                UnpackedLibrary.load("celeriant-rocksdb", folder -> {
                    NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
                    return null;
                });
            }
            loadOnce();
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new IllegalStateException(
                    "RocksDB's library cannot be unpacked into the temporary folder and loaded from there (" + e
                            + "); name a folder that programs may be run from: -Djava.io.tmpdir=DIR",
                    e);
        }
    }

    private static void loadOnce() {
        if (failure != null) {
            throw new IllegalStateException("RocksDB's library cannot be loaded: " + failure, failure);
        }
        try {
            RocksDB.loadLibrary();
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
    }
}
