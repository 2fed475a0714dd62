package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What libraries unpack to load it is gone while the process runs, so that one which is killed leaves nothing. */
@Timeout(240)
class TemporaryFilesTest {
    @TempDir
    private Path folder;

    @Test
    void aRunningGatewayHasNoFilesInTheTemporaryFolder() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        String key = Backend.key(data);
        try (ServeProcess serve =
                ServeProcess.start(data, Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary))) {
            Backend backend = Backend.at(serve.url(), key);
            backend.send(
                    "POST",
                    "/v1/acme/canvas/one/events",
                    "[{\"type\":\"drawn\",\"data\":\"" + "x".repeat(9_999) + "\"}]");
            for (String coding : List.of("br", "zstd")) {
                HttpRequest page = backend.request("GET", "/v1/acme/events", "")
                        .header("Accept-Encoding", coding)
                        .build();
                assertEquals(
                        coding,
                        Backend.HTTP
                                .send(page, BodyHandlers.ofByteArray())
                                .headers()
                                .firstValue("Content-Encoding")
                                .orElse(""));
            }
            try (Stream<Path> left = Files.walk(temporary)) {
                assertEquals(List.of(temporary), left.toList());
            }
        }
    }
}
