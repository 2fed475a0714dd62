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
    private static final Map<String, String> LOW = Map.of("CELERIANT_LOG_FREE_BYTES_MIN", "8000000 GiB");
    private static final String BOARD = "/v1/acme/canvas/board";

    @TempDir
    private Path folder;

    @Test
    void appendsAreRefusedAndReadinessTellsWhy() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        String key = Backend.key(data);
        try (ServeProcess serve = ServeProcess.start(data, LOW)) {
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

    @Test
    void aRightCanBeTakenAwayAndNoneBeGiven() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        String key = Backend.key(data);
        String share;
        try (ServeProcess serve = ServeProcess.start(data, Map.of())) {
            Backend backend = Backend.at(serve.url(), key);
            assertEquals(201, status(backend, "POST", BOARD + "/events", "[{\"type\":\"drawn\",\"data\":1}]"));
            String all =
                    grants("ana", "\"owner\"") + "," + grants("ben", "\"owner\"") + "," + grants("cy", "\"reader\"");
            assertEquals(200, status(backend, "PATCH", BOARD + "/access", access(all, "\"contributor\"")));
            assertEquals(200, status(backend, "PATCH", "/v1/acme/members", members("admin")));
            share = backend.send("POST", BOARD + "/shares", "{\"level\":\"reader\"}")
                    .body()
                    .replaceAll(".*\"id\":\"([^\"]*)\".*", "$1");
        }
        try (ServeProcess serve = ServeProcess.start(data, LOW)) {
            Backend backend = Backend.at(serve.url(), key);
            assertEquals(507, status(backend, "PATCH", BOARD + "/access", access(grants("dee", "\"reader\""), "null")));
            assertEquals(507, status(backend, "PATCH", BOARD + "/access", access(grants("cy", "\"owner\""), "null")));
            assertEquals(507, status(backend, "POST", BOARD + "/shares", "{\"level\":\"reader\"}"));
            assertEquals(200, status(backend, "PATCH", BOARD + "/access", access(grants("ben", "\"reader\""), "null")));
            assertEquals(507, status(backend, "PATCH", BOARD + "/access", access("", "\"reader\"")));
            assertEquals(200, status(backend, "PATCH", BOARD + "/access", access(grants("ben", "null"), "null")));
            assertEquals(200, status(backend, "POST", BOARD + "/revoke", "{\"client\":\"svc.cy\"}"));
            assertEquals(204, status(backend, "DELETE", BOARD + "/shares/" + share, ""));
            assertEquals(200, status(backend, "PATCH", "/v1/acme/members", members("member")));
            assertEquals(507, status(backend, "PATCH", "/v1/acme/members", members("admin")));
            assertEquals(
                    "{\"grants\":[{\"client\":\"svc.ana\",\"level\":\"owner\"}],"
                            + "\"revoked\":[{\"client\":\"svc.cy\"}],\"public\":null,\"shares\":[]}",
                    backend.send("GET", BOARD + "/access", "").body());
        }
    }

    private static int status(Backend backend, String method, String path, String body)
            throws IOException, InterruptedException {
        return backend.send(method, path, body).statusCode();
    }

    private static String grants(String name, String level) {
        return "{\"client\":\"svc." + name + "\",\"level\":" + level + "}";
    }

    private static String access(String grants, String open) {
        return "{\"grants\":[" + grants + "],\"public\":" + open + "}";
    }

    private static String members(String role) {
        return "{\"members\":[{\"client\":\"svc.ana\",\"role\":\"" + role + "\"}]}";
    }
}
