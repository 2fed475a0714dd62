package celeriant.gateway.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brotli's own part, which lies in a jar. It is unpacked into the temporary folder, loaded, and its file removed at
 * once: brotli4j leaves that to the end of the JVM, and each process that is killed would leave one.
 */
final class BrotliLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(BrotliLibrary.class);
    private static final String FOLDER_PROPERTY = "com.aayushatharva.brotli4j.native.workdir";
    private static final boolean LOADED = load();

    private BrotliLibrary() {}

    /** Whether there is one for this machine. */
    static boolean isLoaded() {
        return LOADED;
    }

    private static boolean load() {
        if (System.getProperty(FOLDER_PROPERTY) != null) {
            return Brotli4jLoader.isAvailable();
        }
        try {
            Path folder = Files.createTempDirectory("celeriant-brotli");
            System.setProperty(FOLDER_PROPERTY, folder.toString());
            try {
                return Brotli4jLoader.isAvailable();
            } finally {
                System.clearProperty(FOLDER_PROPERTY);
                remove(folder);
            }
        } catch (IOException e) {
            LOG.warn("Brotli is not offered: its library cannot be unpacked into the temporary folder", e);
            return false;
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
