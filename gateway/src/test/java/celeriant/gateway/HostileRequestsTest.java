package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as nobody sends them who means well, byte by byte over a socket. */
@Timeout(240)
class HostileRequestsTest {
    private static final String PATH = "/v1/acme/canvas/board-1/events";
    private static final String EVENT = "{\"type\":\"drawn\",\"data\":1}";

    private final Operator operator = Operator.local();
    private final InMemoryEventLog log = new InMemoryEventLog(Gateway.admission(operator));
    private final Gateway gateway = Gateway.builder(log).operator(operator).start();
    private final TestDevice device = new TestDevice(gateway.url());

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private String ask(String head, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            String request = head + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void assertRefused(String answer) {
        assertTrue(answer.matches("(?s)HTTP/1\\.1 4\\d\\d .*"), answer);
        assertTrue(answer.contains("nosniff"), answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../../etc/passwd",
                "/v1/../openapi.json",
                "/v1/acme/../acme/canvas/board-1",
                "/v1/%2e%2e/acme",
                "/v1/acme/..%2f..%2fetc%2fpasswd/x",
                "/v1/acme/canvas/%00",
                "/v1/acme/canvas/board%0d%0aSet-Cookie:%20a",
                "/v1/acme/canvas/%c0%ae%c0%ae",
                "/v1/acme/canvas/%ff",
                "/v1/acme/canvas/%",
                "/v1/acme/canvas/%zz",
                "/v1/acme/canvas/b;v=1",
                "/v1/acme/canvas\\board-1",
                "/v1/acme//board-1",
                "//v1/acme",
                "/v1/acme/canvas/board-1/",
                "/v1/acme/canvas/\u00e9",
                "/v1/acme/canvas/a/b/c/d/e/f/g/h",
                "/problems/..%2f..%2fopenapi",
                "http://other.example/v1/acme",
                "*"
            })
    void aPathThatIsNoneOfOursIsRefused(String path) throws IOException {
        assertRefused(ask("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + gateway.port(), ""));
    }

    @Test
    void whatIsInThePathGetsIntoNoHeader() throws IOException {
        String answer = ask("GET /v1/a%0d%0aInjected:%20yes HTTP/1.1\r\nHost: 127.0.0.1", "");
        assertFalse(answer.contains("\r\nInjected:"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", ""})
    void aHostThatIsNotTheGatewaysIsRefused(String host) throws IOException {
        String answer = ask("GET /openapi.json HTTP/1.1\r\nHost: " + host, "");
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "LOCALHOST", "[::1]"})
    void itsOwnHostsAreServed(String host) throws IOException {
        String answer = ask("GET /openapi.json HTTP/1.1\r\nHost: " + host + ":" + gateway.port(), "");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    }

    private List<String> captured(String method, String path, UUID id, String token) {
        return List.of(
                method + " " + path + " HTTP/1.1",
                "Host: 127.0.0.1:" + gateway.port(),
                "Content-Type: application/json",
                "Authorization: DPoP " + token,
                "DPoP: " + device.proof("POST", PATH, token),
                "Append-Sequence: 1",
                "Idempotency-Key: " + id);
    }

    @Test
    void aCapturedRequestIsGoodForNothingWhateverOfItIsChanged() throws IOException {
        UUID id = UUID.randomUUID();
        device.nonce();
        List<String> head = captured("POST", PATH, id, device.token());
        assertTrue(ask(String.join("\r\n", head), EVENT).startsWith("HTTP/1.1 201 "));

        String whole = String.join("\r\n", head);
        String otherToken = new TestDevice(gateway.url()).token();
        for (String changed : List.of(
                whole,
                whole.replace("board-1", "board-2"),
                whole.replace("/acme/", "/other/"),
                whole.replace("POST /v1/acme/canvas/board-1/events", "DELETE /v1/acme/canvas/board-1"),
                whole.replace(id.toString(), UUID.randomUUID().toString()),
                whole.replace("Sequence: 1", "Sequence: 2"),
                whole.replace(device.token(), otherToken))) {
            String answer = ask(changed, EVENT.replace("1", "2"));
            assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
        }
        assertEquals(
                1, device.get("/v1/acme/canvas/board-1").json().get("version").asInt());
    }

    @Test
    void aBodyOfTwoMediaTypesIsRefused() throws IOException {
        device.nonce();
        List<String> head = captured("POST", PATH, UUID.randomUUID(), device.token());
        String answer = ask(String.join("\r\n", head) + "\r\nContent-Type: text/plain", EVENT);
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("\"header\":\"Content-Type\""), answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\n80000000\r\n",
                "Transfer-Encoding: chunked\r\n\r\nfffffffffffffff;x=y\r\n",
                "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n800000\r\n",
                "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n800001\r\n",
                "Content-Length: 8388609\r\n\r\n",
                "Content-Length: 8388609\r\nExpect: 100-continue\r\n\r\n",
                "Content-Length: 9007199254740991\r\n\r\n"
            })
    void aBodyThatIsTooLargeIsRefusedWhereItIsAnnounced(String body) throws IOException {
        device.nonce();
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            socket.setSoTimeout(60_000);
            String head = String.join("\r\n", captured("POST", PATH, UUID.randomUUID(), device.token()));
            socket.getOutputStream().write((head + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = answer.readLine();
            if (first.equals("HTTP/1.1 100 Continue")) {
                assertTrue(body.contains("chunked"), "a length is known before");
                answer.readLine();
                first = answer.readLine();
            }
            assertEquals("HTTP/1.1 413 Content Too Large", first);
        }
    }

    @Test
    void theGatewayAsAWholeTellsItsMethods() throws IOException {
        String answer = ask("OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:" + gateway.port(), "");
        assertTrue(answer.startsWith("HTTP/1.1 204 "), answer);
        assertTrue(answer.contains("Allow: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"), answer);
    }

    @Test
    void aSnapshotIsNoPageWhateverIsInIt() {
        device.append("/v1/acme/canvas/board-1", 1, EVENT);
        String path = "/v1/acme/canvas/board-1/snapshot";
        String script = "<script>alert(1)</script>";
        assertEquals(
                201,
                device.request("PUT", path + "?version=1", script, "Content-Type", "text/html")
                        .status());
        Reply snapshot = device.get(path);
        assertEquals(script, snapshot.text());
        assertEquals("sandbox", snapshot.header("Content-Security-Policy"));
        assertEquals("attachment", snapshot.header("Content-Disposition"));
        assertEquals("nosniff", snapshot.header("X-Content-Type-Options"));
    }
}
