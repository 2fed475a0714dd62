package celeriant.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.gateway.Gateway;
import celeriant.log.EventLog;
import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the metrics names just those that a running gateway shows. {@code -Dtidy.write=true} writes it anew. */
class MetricsReferenceTest {
    private static final String PAGE = "docs/reference/metrics.md";
    private static final String TABLE = "| Name | Type | Meaning |\n|---|---|---|\n";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private String shown() throws IOException, InterruptedException {
        try (EventLog log = EmbeddedEventLog.open(folder, EmbeddedConfig.DEFAULT);
                Gateway gateway = Gateway.builder(log).start();
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.adminUrl() + "/metrics"))
                    .timeout(TIMEOUT)
                    .build();
            return http.send(request, BodyHandlers.ofString()).body();
        }
    }

    private static String table(String text) {
        Map<String, String> meanings = new HashMap<>();
        StringBuilder table = new StringBuilder(TABLE);
        for (String line : text.split("\n")) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                meanings.put(words[2], words[3]);
            } else if (line.startsWith("# TYPE ")) {
                table.append("| `%s` | %s | %s |\n".formatted(words[2], words[3], meanings.get(words[2])));
            }
        }
        return table.toString();
    }

    @Test
    void thePageNamesWhatARunningGatewayShows() throws Exception {
        Path page = Tree.read().root().resolve(PAGE);
        String before = Tree.text(page);
        int start = before.indexOf(TABLE);
        String wanted = before.substring(0, start) + table(shown());
        if (Boolean.getBoolean("tidy.write")) {
            Files.writeString(page, wanted);
        }
        assertEquals(wanted, Tree.text(page), PAGE + " is not what a gateway shows; -Dtidy.write=true writes it");
    }
}
