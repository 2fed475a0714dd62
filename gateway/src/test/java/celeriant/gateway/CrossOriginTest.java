package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.memory.InMemoryEventLog;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages of the origins that are configured may call, without credentials; pages of others may not read. */
@Timeout(240)
class CrossOriginTest {
    private static final String PAGE = "https://app.example";
    private static final String OTHER = "https://other.example";
    private static final String EVENTS = "/v1/acme/events";

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final Gateway gateway = Gateway.builder(log)
            .config(GatewayConfig.loopback(0).withCorsOrigins(Set.of(PAGE)))
            .start();
    private final TestDevice device = new TestDevice(gateway.url());

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    @Test
    void aPreflightOfAConfiguredOriginIsToldWhatItMaySend() {
        Reply reply = device.request("OPTIONS", EVENTS, null, "Origin", PAGE, "Access-Control-Request-Method", "GET");
        assertEquals(204, reply.status());
        assertEquals(PAGE, reply.header("Access-Control-Allow-Origin"));
        for (String header : List.of(
                "Authorization",
                "DPoP",
                "Content-Type",
                "Accept",
                "Idempotency-Key",
                "Append-Sequence",
                "If-Match",
                "If-None-Match",
                "Last-Event-ID")) {
            assertTrue(reply.header("Access-Control-Allow-Headers").contains(header), header);
        }
        assertNull(reply.header("Access-Control-Allow-Credentials"));
    }

    @Test
    void anAnswerMayBeReadWithTheHeadersThatAClientNeeds() {
        Reply reply = device.get(EVENTS, "Origin", PAGE);
        assertEquals(PAGE, reply.header("Access-Control-Allow-Origin"));
        for (String header : List.of("DPoP-Nonce", "ETag", "Retry-After", "Location", "WWW-Authenticate")) {
            assertTrue(reply.header("Access-Control-Expose-Headers").contains(header), header);
        }
        assertTrue(reply.header("Vary").contains("Origin"));
        assertNull(reply.header("Set-Cookie"));
    }

    @Test
    void aRefusalMayBeReadToo() {
        Reply reply = device.request("GET", EVENTS, null, "Origin", PAGE, "Authorization", "none");
        assertEquals(401, reply.status());
        assertEquals(PAGE, reply.header("Access-Control-Allow-Origin"));
    }

    @Test
    void anotherOriginIsAllowedNothing() {
        assertNull(device.get(EVENTS, "Origin", OTHER).header("Access-Control-Allow-Origin"));
        Reply preflight = device.request("OPTIONS", EVENTS, null, "Origin", OTHER);
        assertNull(preflight.header("Access-Control-Allow-Origin"));
        assertNull(preflight.header("Access-Control-Allow-Headers"));
        assertTrue(preflight.header("Vary").contains("Origin"));
    }
}
