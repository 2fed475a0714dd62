package celeriant.gateway.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.gateway.access.RefusedException;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PresencesTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    private static final byte[] DATA = {'1'};
    private static final EventData NOTE = EventData.json("1");

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

    @Test
    void those_in_an_aggregate_that_is_deleted_end_with_it() {
        InMemoryEventLog log = new InMemoryEventLog();
        AggregateId other = new AggregateId("canvas", "board-2");
        Presences.Key elsewhere = new Presences.Key(other, new ClientId("svc.a"), "tab-1");
        presences.put("acme", key("svc.a", 1), DATA, 10);
        presences.put("acme", elsewhere, DATA, 10);
        presences.put("other", key("svc.a", 1), DATA, 10);
        log.follow(presences);
        log.append(AppendRequest.of("acme", new ClientId("svc.a"), UUID.randomUUID(), Event.of(BOARD, "drawn", NOTE)));
        assertEquals(3, told.size());
        log.delete(new DeleteRequest(
                "acme",
                new ClientId("svc.a"),
                UUID.randomUUID(),
                BOARD,
                new ExpectedVersion.Any(),
                true,
                Caller.EMBEDDER));
        assertEquals(List.of(elsewhere), presences.present("acme", aggregate -> true));
        assertEquals(key("svc.a", 1), told.get(3));
        assertEquals(1, presences.present("other", BOARD::equals).size());
        log.close();
    }
}
