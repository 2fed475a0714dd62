package celeriant.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.read.MergedQuery;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private static final String ORG = "acme";

    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final Random random = new Random(1);
    private final Tickets tickets = new Tickets(() -> now, this::bytes);

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Principal device(int number) {
        return Principal.device(new ClientId(String.format("%043d", number)));
    }

    private static MergedQuery query(int names) {
        Set<String> types = IntStream.range(0, names).mapToObj(i -> "t" + i).collect(Collectors.toSet());
        return new MergedQuery(0, Long.MAX_VALUE, 100, Set.of(), types, Set.of(), null, null);
    }

    private ErrorCode refusal(Principal principal, int names) {
        return assertThrows(RefusedException.class, () -> tickets.issue(ORG, principal, query(names)))
                .problem()
                .code();
    }

    @Test
    void a_ticket_is_good_once_within_its_life_in_its_org() {
        String used = tickets.issue(ORG, device(1), query(1));
        assertTrue(tickets.take("other", used).isEmpty());
        assertTrue(tickets.take(ORG, used).isPresent());
        assertTrue(tickets.take(ORG, used).isEmpty());
        String late = tickets.issue(ORG, device(1), query(1));
        now = now.plusMillis(Tickets.LIFE_MILLIS);
        assertTrue(tickets.take(ORG, late).isEmpty());
    }

    @Test
    void one_device_has_so_many_that_wait_and_another_its_own() {
        String first = null;
        for (int i = 0; i < Tickets.DEVICE_MAX; i++) {
            String name = tickets.issue(ORG, device(1), query(1));
            first = first == null ? name : first;
        }
        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refusal(device(1), 1));
        tickets.issue(ORG, device(2), query(1));
        tickets.take(ORG, first);
        tickets.issue(ORG, device(1), query(1));
        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refusal(device(1), 1));
        now = now.plusMillis(Tickets.LIFE_MILLIS);
        tickets.issue(ORG, device(1), query(1));
    }

    @Test
    void all_that_wait_have_so_many_names_together() {
        MergedQuery large = query(1_000);
        for (int i = 0; i < Tickets.NAMES_MAX / 1_000; i++) {
            tickets.issue(ORG, device(i), large);
        }
        assertEquals(ErrorCode.BUSY, refusal(device(0), 1));
        now = now.plusMillis(Tickets.LIFE_MILLIS);
        tickets.issue(ORG, device(0), large);
    }
}
