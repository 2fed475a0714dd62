package celeriant.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three requests at once, five in a burst and one a second, two streams, four bad proofs a minute. */
class CallersTest {
    private static final String ORG = "acme";
    private static final Principal ANN = Principal.device(new ClientId("a".repeat(43)));
    private static final Principal BEN = Principal.device(new ClientId("b".repeat(43)));
    private static final Principal KEY = Principal.backend(new ClientId("svc.k"), Principal.Scope.APPEND, "k1");

    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final Callers callers = new Callers(new TrafficLimits(9, 9, 9, 9, 9, 9, 3, 1, 5, 2, 4), false, () -> now);

    private static void assertTooMany(Runnable call) {
        RefusedException refused = assertThrows(RefusedException.class, call::run);
        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refused.problem().code());
    }

    @Test
    void a_device_makes_a_burst_and_then_so_many_a_second() {
        for (int i = 0; i < 5; i++) {
            callers.request(ORG, ANN).run();
        }
        assertTooMany(() -> callers.request(ORG, ANN));
        callers.request(ORG, BEN).run();
        now = now.plusMillis(999);
        assertTooMany(() -> callers.request(ORG, ANN));
        now = now.plusMillis(1);
        callers.request(ORG, ANN).run();
        assertTooMany(() -> callers.request("other", ANN));
    }

    @Test
    void so_many_requests_of_one_client_are_worked_on_at_once() {
        Runnable first = callers.request(ORG, KEY);
        callers.request(ORG, KEY);
        callers.request(ORG, KEY);
        assertTooMany(() -> callers.request(ORG, KEY));
        callers.request("other", KEY);
        callers.request(ORG, BEN);
        first.run();
        callers.request(ORG, KEY);
    }

    @Test
    void what_was_refused_is_not_counted() {
        for (int i = 0; i < 5; i++) {
            callers.request(ORG, ANN).run();
        }
        for (int i = 0; i < 10; i++) {
            assertTooMany(() -> callers.request(ORG, ANN));
        }
        now = now.plusSeconds(1_000);
        for (int i = 0; i < 5; i++) {
            callers.request(ORG, ANN).run();
        }
    }

    @Test
    void a_device_has_so_many_streams_and_a_key_as_many_as_it_likes() {
        Runnable first = callers.stream(ORG, ANN);
        callers.stream(ORG, ANN);
        assertTooMany(() -> callers.stream(ORG, ANN));
        first.run();
        callers.stream(ORG, ANN);
        for (int i = 0; i < 10; i++) {
            callers.stream(ORG, KEY);
        }
    }

    @Test
    void an_address_whose_proofs_do_not_verify_is_not_looked_at_for_the_rest_of_the_minute() {
        for (int i = 0; i < 4; i++) {
            assertTrue(callers.mayProve("192.0.2.1"));
            callers.badProof("192.0.2.1");
        }
        assertFalse(callers.mayProve("192.0.2.1"));
        assertTrue(callers.mayProve("192.0.2.2"));
        now = now.plusSeconds(60);
        assertTrue(callers.mayProve("192.0.2.1"));
    }

    @Test
    void behind_a_proxy_what_the_proxy_said_last_counts_and_not_what_the_caller_said_before() {
        Callers behind = new Callers(TrafficLimits.DEFAULT, true, () -> now);
        String name = "X-Forwarded-For";
        assertEquals("192.0.2.7", behind.address(head(name, "203.0.113.9", name, "192.0.2.7"), null));
        assertEquals("192.0.2.7", behind.address(head(name, "203.0.113.9, 192.0.2.7"), null));
    }

    private static RequestHead head(String... namesAndValues) {
        return new RequestHead("GET", "/", null, null, HeaderLines.of(List.of(namesAndValues)));
    }

    @Test
    void who_has_come_to_rest_is_forgotten_and_nobody_else() {
        callers.request(ORG, ANN).run();
        Runnable stream = callers.stream(ORG, BEN);
        callers.badProof("192.0.2.1");
        callers.sweep();
        assertEquals(3, callers.known());
        now = now.plusSeconds(60);
        callers.sweep();
        assertEquals(1, callers.known());
        stream.run();
        callers.sweep();
        assertEquals(0, callers.known());
    }
}
