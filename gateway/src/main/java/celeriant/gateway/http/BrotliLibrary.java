package celeriant.gateway.http;

import celeriant.log.library.UnpackedLibrary;
import com.aayushatharva.brotli4j.Brotli4jLoader;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brotli's own part, which lies in its jar. */
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
            return UnpackedLibrary.load("celeriant-brotli", BrotliLibrary::loadFrom);
        } catch (IOException e) {
            LOG.info("Brotli is not offered: its library cannot be unpacked into the temporary folder", e);
            return false;
        }
    }

    private static boolean loadFrom(Path folder) {
        System.setProperty(FOLDER_PROPERTY, folder.toString());
        try {
            return Brotli4jLoader.isAvailable();
        } finally {
            System.clearProperty(FOLDER_PROPERTY);
        }
    }
}
