package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.http.PageFiles;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pages of applications, which a gateway serves beside the protocol. */
@Timeout(240)
class PagesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Path page(String name) throws IOException {
        Path page = Files.createDirectories(folder.resolve(name));
        Files.writeString(page.resolve("index.html"), "<p>" + name);
        Files.writeString(page.resolve("page.js"), "// " + name);
        return page;
    }

    private static HttpResponse<String> get(HttpClient http, Gateway gateway, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + path))
                .timeout(TIMEOUT)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Test
    void onePageIsAtTheRootAndAnotherBelowAnAddressOfItsOwn() throws IOException, InterruptedException {
        PageFiles pages = PageFiles.read(page("canvas")).and("/survey/", page("survey"));
        try (InMemoryEventLog log = new InMemoryEventLog();
                Gateway gateway = Gateway.builder(log).page(pages).start();
                HttpClient http = HttpClient.newHttpClient()) {
            assertEquals("<p>canvas", get(http, gateway, "/").body());
            assertEquals("// canvas", get(http, gateway, "/page.js").body());
            assertEquals("<p>survey", get(http, gateway, "/survey/").body());
            assertEquals("// survey", get(http, gateway, "/survey/page.js").body());
            assertEquals(404, get(http, gateway, "/survey/other.js").statusCode());
            HttpResponse<String> moved = get(http, gateway, "/survey");
            assertEquals(308, moved.statusCode());
            assertEquals("/survey/", moved.headers().firstValue("Location").orElse(""));
        }
    }

    @Test
    void aFolderWithoutAnIndexIsNoPage() throws IOException {
        PageFiles canvas = PageFiles.read(page("canvas"));
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Exception said = assertThrows(IllegalArgumentException.class, () -> canvas.and("/empty/", empty));
        assertTrue(said.getMessage().contains(empty.toString()), said.getMessage());
    }
}
