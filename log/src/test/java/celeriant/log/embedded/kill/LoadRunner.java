package celeriant.log.embedded.kill;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Starts a {@link LoadProcess}, listens to it, and kills it with SIGKILL. */
final class LoadRunner {
    private static final long SECONDS_MAX = 300;

    private final Path folder;
    private final List<String> prefix;

    LoadRunner(Path folder) {
        this(folder, List.of());
    }

    /** @param prefix a program, with its arguments, under which the process runs */
    LoadRunner(Path folder, List<String> prefix) {
        this.folder = folder;
        this.prefix = prefix;
    }

    /** What a process does first before its milliseconds begin. */
    enum From {
        START(""),
        OPEN("open"),
        ACKNOWLEDGED("ack ");

        private final String said;

        From(String said) {
            this.said = said;
        }
    }

    /** When a process is killed: so many milliseconds after that. */
    record When(From from, long millis) {}

    /**
     * Runs a process to its violent end and hands on each whole line that it said; @return whether it opened the log
     */
    boolean run(long seed, When when, Listener listener) throws IOException {
        Process process = start(seed);
        // Not the process itself: that would close the pipe as well, with what was said last in it.
        Runnable kill = process.toHandle()::destroyForcibly;
        Executor inTime = CompletableFuture.delayedExecutor(when.millis, TimeUnit.MILLISECONDS);
        CompletableFuture.delayedExecutor(SECONDS_MAX, TimeUnit.SECONDS).execute(kill);
        boolean isDue = when.from == From.START;
        if (isDue) {
            inTime.execute(kill);
        }
        boolean opened = false;
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                opened |= line.equals("open");
                if (!isDue && line.startsWith(when.from.said)) {
                    isDue = true;
                    inTime.execute(kill);
                }
                listener.hear(line);
            }
        } finally {
            kill.run();
            process.onExit().join();
        }
        return opened;
    }

    /** Runs a process to an end of its own and hands on each line that it said. */
    void runToItsEnd(long seed, Listener listener) throws IOException {
        Process process = start(seed);
        CompletableFuture.delayedExecutor(SECONDS_MAX, TimeUnit.SECONDS).execute(() -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            said.lines().forEach(listener::hear);
        }
        process.onExit().join();
    }

    Process start(long seed) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LoadProcess.class.getName(),
                folder.toString(),
                Long.toString(seed)));
        Files.createDirectories(folder.toAbsolutePath().getParent());
        File errors = folder.resolveSibling(folder.getFileName() + ".stderr").toFile();
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors))
                .start();
    }

    /** Hears what a process says. */
    interface Listener {
        void hear(String line);
    }
}
