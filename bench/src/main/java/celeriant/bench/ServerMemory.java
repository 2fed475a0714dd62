package celeriant.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM's memory after a full collection.
 *
 * @param residentKib all that the process holds
 * @param heapKib live objects alone
 */
record ServerMemory(long residentKib, long heapKib) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    static ServerMemory of(ServerProcess process) throws IOException {
        jcmd(process, "GC.run");
        Matcher used = USED.matcher(jcmd(process, "GC.heap_info"));
        if (!used.find()) {
            throw new IOException("the JVM does not tell its heap");
        }
        return new ServerMemory(process.residentKib(), Long.parseLong(used.group(1)));
    }

    private static String jcmd(ServerProcess process, String command) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process run = new ProcessBuilder(List.of(jcmd, Long.toString(process.pid()), command))
                .redirectErrorStream(true)
                .start();
        return new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
