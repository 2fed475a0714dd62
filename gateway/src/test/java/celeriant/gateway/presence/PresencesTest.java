package celeriant.gateway.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.gateway.access.RefusedException;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PresencesTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    private static final byte[] DATA = {'1'};

    private final List<Presences.Key> told = new ArrayList<>();
    private final Presences presences = new Presences((org, key) -> told.add(key));

    private static Presences.Key key(String client, int instance) {
        return new Presences.Key(BOARD, new ClientId(client), "tab-" + instance);
    }

    @Test
    void one_client_does_not_take_the_places_of_the_others() {
        for (int i = 0; i < Presences.CLIENT_MAX; i++) {
            presences.put("acme", key("svc.a", i), DATA, 10);
        }
        RefusedException refused =
                assertThrows(RefusedException.class, () -> presences.put("acme", key("svc.a", 999), DATA, 10));
        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refused.problem().code());
        presences.put("acme", key("svc.a", 0), DATA, 20);
        presences.put("acme", key("svc.b", 0), DATA, 10);
    }

    @Test
    void what_lapses_is_told_and_leaves_nothing_behind() {
        presences.put("acme", key("svc.a", 1), DATA, 10);
        presences.put("acme", key("svc.a", 2), DATA, 20);
        presences.sweep(10);
        assertEquals(Optional.empty(), presences.data("acme", key("svc.a", 1)));
        assertEquals(List.of(key("svc.a", 2)), presences.present("acme", BOARD::equals));
        assertEquals(List.of(key("svc.a", 1), key("svc.a", 2), key("svc.a", 1)), told);
        presences.sweep(20);
        presences.remove("acme", key("svc.a", 2));
        assertEquals(4, told.size());
    }
}
