package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process whose disk has less room than it should keep says so everywhere, and goes on to answer reads. */
@Timeout(240)
class LowDiskTest {
    @TempDir
    private Path folder;

    @Test
    void appendsAreRefusedAndReadinessTellsWhy() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        String key = Backend.key(data);
        try (ServeProcess serve = ServeProcess.start(data, Map.of("CELERIANT_LOG_FREE_BYTES_MIN", "8000000 GiB"))) {
            Backend backend = Backend.at(serve.url(), key);
            assertEquals(
                    507,
                    backend.send("POST", "/v1/acme/canvas/one/events", "[{\"type\":\"drawn\",\"data\":1}]")
                            .statusCode());
            assertEquals(200, backend.send("GET", "/v1/acme/events", "").statusCode());
            assertEquals(
                    200,
                    backend.send("POST", "/v1/acme/appends", "{\"after\":null,\"appends\":[]}")
                            .statusCode());
            Backend admin = Backend.at(serve.adminUrl(), key);
            assertEquals(200, admin.send("GET", "/healthz", "").statusCode());
            HttpResponse<String> ready = admin.send("GET", "/readyz", "");
            assertEquals(503, ready.statusCode());
            assertTrue(ready.body().contains("the disk has less than"), ready.body());
            String metrics = admin.send("GET", "/metrics", "").body();
            assertTrue(metrics.contains("\nceleriant_log_takes_appends 0\n"), metrics);
            assertTrue(serve.messages().contains("\"level\":\"ERROR\""), "a person must look");
        }
    }
}
