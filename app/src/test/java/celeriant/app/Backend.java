package celeriant.app;

import celeriant.gateway.access.Principal;
import celeriant.gateway.operator.OperatorFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;

/** A backend with an API key of the org {@code acme}. */
final class Backend {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    private final String url;
    private final String key;

    private Backend(String url, String key) {
        this.url = url;
        this.key = key;
    }

    /** Makes the key; before the gateway starts, or it takes a second until it is known. */
    static String key(Path data) {
        SecureRandom random = new SecureRandom();
        return new OperatorFile(data).createKey("acme", "billing", Principal.Scope.ADMIN, count -> {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            return bytes;
        });
    }

    static Backend at(String url, String key) {
        return new Backend(url, key);
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return HTTP.send(request(method, path, body).build(), BodyHandlers.ofString());
    }

    /** Opens the org's stream. */
    HttpResponse<InputStream> stream() throws IOException, InterruptedException {
        HttpRequest request = request("GET", "/v1/acme/events?after=0", "")
                .header("Accept", "text/event-stream")
                .build();
        return HTTP.send(request, BodyHandlers.ofInputStream());
    }

    HttpRequest.Builder request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }
}
