package celeriant.gateway.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.Gateway;
import celeriant.gateway.Reply;
import celeriant.gateway.TestDevice;
import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A person logs in at a real OIDC provider, and any of their devices has their rights. */
@Timeout(240)
class PersonLoginTest {
    private static final String API = "https://log.example";

    private final Operator operator = Operator.local();
    private InMemoryEventLog log;
    private RealProvider provider;
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        provider = RealProvider.start();
        log = new InMemoryEventLog(Gateway.admission(operator));
        gateway = Gateway.builder(log)
                .operator(operator)
                .oidc(List.of(new OidcIssuer(provider.issuer(), Set.of("canvas", API))))
                .start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
        provider.close();
    }

    @Test
    void theRightsOfAPersonAreOnEveryDeviceThatTheyLogInOn() throws IOException, InterruptedException {
        TestDevice owner = new TestDevice(gateway.url());
        assertEquals(201, append(owner).status());
        Reply granted = owner.request(
                "PATCH",
                "/v1/acme/canvas/board-1/access",
                "{\"grants\":[{\"user\":{\"iss\":\"" + provider.issuer()
                        + "\",\"sub\":\"anna\"},\"level\":\"contributor\"}]}");
        assertEquals(200, granted.status(), granted::toString);

        TestDevice device = new TestDevice(gateway.url());
        assertEquals(404, device.get("/v1/acme/canvas/board-1").status());
        JsonNode tokens = provider.tokensOf("anna");
        Reply login = device.logIn(tokens.get("id_token").asString(), "id_token");
        assertEquals(200, login.status(), login::toString);
        assertEquals(
                "urn:ietf:params:oauth:token-type:access_token",
                login.json().get("issued_token_type").asString());
        assertEquals(201, append(device).status());
        assertEquals("anna", device.get("/v1/acme/me").json().at("/user/sub").asString());

        TestDevice another = new TestDevice(gateway.url());
        Reply second = another.logIn(tokens.get("access_token").asString(), "access_token");
        assertEquals(200, second.status(), second::toString);
        assertEquals(200, another.get("/v1/acme/canvas/board-1").status());

        TestDevice stranger = new TestDevice(gateway.url());
        String idToken = provider.tokensOf("bert").get("id_token").asString();
        assertEquals(200, stranger.logIn(idToken, "id_token").status());
        assertEquals(404, stranger.get("/v1/acme/canvas/board-1").status());
    }

    @Test
    void aTokenWhoseSignatureIsNotTheProvidersIsRefused() throws IOException, InterruptedException {
        String token = provider.tokensOf("anna").get("id_token").asString();
        int signature = token.lastIndexOf('.') + 1;
        char other = token.charAt(signature) == 'A' ? 'B' : 'A';
        String forged = token.substring(0, signature) + other + token.substring(signature + 1);
        Reply refused = new TestDevice(gateway.url()).logIn(forged, "id_token");
        assertEquals(400, refused.status());
        assertEquals("invalid_request", refused.json().get("error").asString());
        assertTrue(refused.text().contains("does not hold"), refused::text);
    }

    @Test
    void afterTheProviderChangedItsKeysNewTokensHoldAndOldOnesDoNot() throws IOException, InterruptedException {
        String old = provider.tokensOf("anna").get("id_token").asString();
        assertEquals(200, new TestDevice(gateway.url()).logIn(old, "id_token").status());
        provider.rotate();
        JsonNode tokens = provider.tokensOf("anna");
        TestDevice device = new TestDevice(gateway.url());
        Reply login = device.logIn(tokens.get("id_token").asString(), "id_token");
        assertEquals(200, login.status(), login::toString);
        assertEquals(201, append(device).status());
        int status = new TestDevice(gateway.url()).logIn(old, "id_token").status();
        assertTrue(status == 400 || status == 503, () -> "the provider was asked just now: " + status);
        try (Gateway another = with(new OidcIssuer(provider.issuer(), Set.of("canvas")), InstantSource.system())) {
            assertRefused(another, old);
        }
    }

    @Test
    void aTokenOfAnotherAudienceIssuerOrTimeIsRefused() throws IOException, InterruptedException {
        String token = provider.tokensOf("anna").get("id_token").asString();
        OidcIssuer itself = new OidcIssuer(provider.issuer(), Set.of("canvas"));
        OidcIssuer forOthers = new OidcIssuer(provider.issuer(), Set.of("another-application"));
        OidcIssuer elsewhere = new OidcIssuer("https://id.example", Set.of("canvas"));
        try (Gateway other = with(forOthers, InstantSource.system())) {
            assertRefused(other, token);
        }
        try (Gateway other = with(elsewhere, InstantSource.system())) {
            assertRefused(other, token);
        }
        InstantSource tomorrow = InstantSource.offset(InstantSource.system(), Duration.ofDays(1));
        try (Gateway other = with(itself, tomorrow)) {
            assertRefused(other, token);
        }
    }

    private Gateway with(OidcIssuer issuer, InstantSource clock) {
        return Gateway.builder(log)
                .operator(operator)
                .oidc(List.of(issuer))
                .clock(clock)
                .start();
    }

    private static void assertRefused(Gateway by, String token) {
        Reply refused = new TestDevice(by.url()).logIn(token, "id_token");
        assertEquals(400, refused.status(), refused::toString);
        assertEquals("invalid_request", refused.json().get("error").asString());
    }

    private static Reply append(TestDevice device) {
        return device.append("/v1/acme/canvas/board-1", 1, "{\"type\":\"drawn\",\"data\":1}");
    }
}
