package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.identity.PersonTokens;
import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code me} lists is what one may see. */
@Timeout(240)
class MeTest {
    private static final String BOARD = "/v1/acme/canvas/board-1";
    private static final String ISSUER = "https://people.example";

    private final byte[] tokenSecret = new byte[32];
    private final Operator operator = Operator.local();
    private final InMemoryEventLog log = new InMemoryEventLog(Gateway.admission(operator));
    private final Gateway gateway =
            Gateway.builder(log).operator(operator).tokenSecret(tokenSecret).start();
    private final TestDevice owner = new TestDevice(gateway.url());
    private final TestDevice device = new TestDevice(gateway.url());

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private String aggregates() {
        return device.get("/v1/acme/me").json().get("aggregates").toString();
    }

    @Test
    void whatAPersonWasGrantedIsNotListedOnADeviceThatIsRevoked() {
        String grants = "{\"grants\":[{\"user\":{\"iss\":\"" + ISSUER + "\",\"sub\":\"anna\"},\"level\":\"reader\"}]}";
        assertEquals(200, owner.request("PATCH", BOARD + "/access", grants).status());
        device.nonce();
        device.hold(PersonTokens.issue(tokenSecret, device.client(), ISSUER, "anna"));
        assertTrue(aggregates().contains("canvas/board-1"), this::aggregates);
        String revoked = "{\"client\":\"" + device.client() + "\"}";
        assertEquals(200, owner.post(BOARD + "/revoke", revoked).status());
        assertEquals("[]", aggregates());
    }
}
