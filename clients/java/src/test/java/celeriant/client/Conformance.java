package celeriant.client;

import celeriant.wire.JsonTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The cases in {@code conformance/} at the root of the repository. */
final class Conformance {
    private Conformance() {}

    static Map<?, ?> read(String path) throws Exception {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("conformance"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "there is no folder conformance above " + Path.of("").toAbsolutePath());
            }
        }
        return (Map<?, ?>)
                JsonTree.read(Files.readAllBytes(folder.resolve("conformance").resolve(path)));
    }
}
