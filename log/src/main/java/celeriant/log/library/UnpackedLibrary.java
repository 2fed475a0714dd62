package celeriant.log.library;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A library's own part that lies in a jar: unpacked into a temporary folder of its own, loaded from there, and its file
 * removed at once. The libraries leave that to the end of the JVM, and each process that is killed would leave one.
 */
public final class UnpackedLibrary {
    private UnpackedLibrary() {}

    /** Unpacks and loads it. */
    public interface Loading<T> {
        T from(Path folder) throws IOException;
    }

    /**
     * Gives the loading a new folder and removes that with all that is in it, whatever became of it.
     *
     * @param name the folder's name begins with it
     * @throws IOException if the folder cannot be made or removed, or the library not be unpacked
     */
    public static <T> T load(String name, Loading<T> loading) throws IOException {
        Path folder = Files.createTempDirectory(name);
        try {
            return loading.from(folder);
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
