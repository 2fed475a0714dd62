package celeriant.log.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One folder, one user of it, whoever tried meanwhile. */
class FolderLockTest {
    private static final long PROCESS_SECONDS_MAX = 60;

    @TempDir
    private Path folder;

    /** Another process, which takes the lock and says whether it got it. */
    static final class Other {
        private Other() {}

        public static void main(String[] args) throws IOException {
            FolderLock lock = FolderLock.take(Path.of(args[0]));
            System.out.print(lock == null ? "refused" : "taken");
        }
    }

    private static String another(Path folder) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertTrue(process.waitFor(PROCESS_SECONDS_MAX, TimeUnit.SECONDS));
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void anotherProcessIsRefusedAfterThisOneTriedTwice() throws Exception {
        FolderLock lock = FolderLock.take(folder);
        assertNull(FolderLock.take(folder));
        assertEquals("refused", another(folder));
        lock.close();
        assertEquals("taken", another(folder));
        FolderLock.take(folder).close();
    }

    @Test
    void anotherPathToTheFolderIsTheSameFolder() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        FolderLock lock = FolderLock.take(real);
        assertNull(FolderLock.take(link));
        assertEquals("refused", another(real));
        lock.close();
    }
}
