package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process whose disk hangs (the kernel lets no sync return) is not ready, and is ready again when it comes back. */
@Timeout(240)
class DiskStallTest {
    private static final long HANGS_MICROS = 60_000_000;

    @TempDir
    private Path folder;

    private static Process strace(long pid) throws IOException {
        return new ProcessBuilder(
                        "strace",
                        "-f",
                        "-p",
                        Long.toString(pid),
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=fdatasync",
                        "-e",
                        "inject=fdatasync:delay_enter=" + HANGS_MICROS)
                .redirectErrorStream(true)
                .start();
    }

    /** A strace that may not attach ends, and says so first; one that may says that it did. */
    private static boolean isAttached(Process strace) throws IOException {
        String line = strace.inputReader().readLine();
        return line != null && line.contains("attached") && strace.isAlive();
    }

    private static Process attach(long pid) throws IOException {
        try {
            Process strace = strace(pid);
            return isAttached(strace) ? strace : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static HttpResponse<String> readiness(Backend admin, int status) throws Exception {
        HttpResponse<String> ready = admin.send("GET", "/readyz", "");
        while (ready.statusCode() != status) {
            ready = admin.send("GET", "/readyz", "");
        }
        return ready;
    }

    @Test
    void readinessTellsOfADiskThatHangsUntilItComesBack() throws Exception {
        Path data = folder.resolve("data");
        String key = Backend.key(data);
        try (ServeProcess serve = ServeProcess.start(data, Map.of("CELERIANT_LOG_DISK_STALL", "1s"))) {
            Backend backend = Backend.at(serve.url(), key);
            Backend admin = Backend.at(serve.adminUrl(), key);
            // A disk that others use may hang for a while by itself.
            readiness(admin, 200);
            Process strace = attach(serve.pid());
            assumeTrue(strace != null, "strace cannot attach here: a disk that hangs was not tested");
            try {
                CompletableFuture<HttpResponse<String>> append = CompletableFuture.supplyAsync(() -> append(backend));
                HttpResponse<String> ready = readiness(admin, 503);
                assertTrue(ready.body().contains("the disk hangs"), ready.body());
                assertEquals(200, admin.send("GET", "/healthz", "").statusCode(), "a restart would not help");
                strace.destroy();
                assertEquals(201, append.get(60, TimeUnit.SECONDS).statusCode());
                readiness(admin, 200);
            } finally {
                strace.destroyForcibly().waitFor();
            }
        }
    }

    private static HttpResponse<String> append(Backend backend) {
        try {
            return backend.send("POST", "/v1/acme/canvas/one/events", "[{\"type\":\"drawn\",\"data\":1}]");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
