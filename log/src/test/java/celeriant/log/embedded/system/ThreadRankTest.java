package celeriant.log.embedded.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** As {@code /proc} tells of a thread. */
@EnabledOnOs(OS.LINUX)
class ThreadRankTest {
    private static final int BEHIND = 10;
    private static final int NICE_MAX = 19;

    /** Where it stands in the fields behind the thread's name (proc(5)). */
    private static final int NICE_FIELD = 16;

    private static int ownNice() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_FIELD]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aThreadThatStepsBehindDoesSoAloneAndForItself() {
        int before = ownNice();
        CompletableFuture<Integer> behind = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> behind.completeAsync(
                        () -> {
                            ThreadRank.behind();
                            return ownNice();
                        },
                        Runnable::run));
        assertEquals(Math.min(before + BEHIND, NICE_MAX), behind.join());
        assertEquals(before, ownNice());
    }
}
