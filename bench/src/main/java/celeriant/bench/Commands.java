package celeriant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Short commands that a benchmark needs done before it begins. */
final class Commands {
    private static final long SECONDS_MAX = 60;

    private Commands() {}

    static List<String> with(List<String> prefix, String... words) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(words));
        return command;
    }

    /** Where a program is, or null, with a word about it, if it is not there. */
    static Path onPath(String name) {
        for (String place : System.getenv("PATH").split(":")) {
            Path binary = Path.of(place, name);
            if (Files.isExecutable(binary)) {
                return binary;
            }
        }
        System.out.println("not on the PATH, left out: " + name);
        return null;
    }

    static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("failed: " + String.join(" ", command));
        }
    }
}
