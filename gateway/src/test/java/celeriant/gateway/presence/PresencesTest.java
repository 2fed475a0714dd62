package celeriant.gateway.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.access.AccessNames;
import celeriant.gateway.access.Principal;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PresencesTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    private static final byte[] DATA = {'1'};
    private static final EventData NOTE = EventData.json("1");

    private final List<Presences.Key> told = new ArrayList<>();
    private final Set<Principal> withdrawn = new HashSet<>();
    private final Presences presences =
            new Presences((org, key) -> told.add(key), (org, principal) -> !withdrawn.contains(principal));

    private static Presences.Key key(String client, int instance) {
        return new Presences.Key(BOARD, new ClientId(client), "tab-" + instance);
    }

    private static Principal principal(Presences.Key key) {
        return Principal.backend(key.client(), Principal.Scope.APPEND, "k");
    }

    private void put(String org, Presences.Key key, long expiresAtMillis) {
        presences.put(org, key, principal(key), DATA, expiresAtMillis);
    }

    @Test
    void one_client_does_not_take_the_places_of_the_others() {
        for (int i = 0; i < Presences.CLIENT_MAX; i++) {
            put("acme", key("svc.a", i), 10);
        }
        RefusedException refused = assertThrows(RefusedException.class, () -> put("acme", key("svc.a", 999), 10));
        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refused.problem().code());
        put("acme", key("svc.a", 0), 20);
        put("acme", key("svc.b", 0), 10);
    }

    @Test
    void what_lapses_is_told_and_leaves_nothing_behind() {
        put("acme", key("svc.a", 1), 10);
        put("acme", key("svc.a", 2), 20);
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
        put("acme", key("svc.a", 1), 10);
        put("acme", elsewhere, 10);
        put("other", key("svc.a", 1), 10);
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

    @Test
    void that_of_who_may_not_be_there_any_more_ends_when_access_changes() {
        InMemoryEventLog log = new InMemoryEventLog();
        log.follow(presences);
        Presences.Key elsewhere =
                new Presences.Key(new AggregateId("canvas", "board-2"), new ClientId("svc.b"), "tab-1");
        put("acme", key("svc.a", 1), 10);
        put("acme", key("svc.b", 1), 10);
        put("acme", elsewhere, 10);
        Presences.Permission notB = (org, principal, aggregate) -> !principal.equals(principal(elsewhere));

        append(log, "acme", new AggregateId("canvas", "board-1"));
        append(log, "acme", new AggregateId("$access.canvas", "board-9"));
        append(log, "other", new AggregateId("$access.canvas", "board-1"));
        assertFalse(presences.hasSuspects());

        append(log, "acme", new AggregateId("$access.canvas", "board-1"));
        assertTrue(presences.hasSuspects());
        presences.lookAgain(notB);
        assertFalse(presences.hasSuspects());
        assertEquals(Set.of(key("svc.a", 1), elsewhere), Set.copyOf(presences.present("acme", aggregate -> true)));
        assertEquals(key("svc.b", 1), told.getLast());

        append(log, "acme", AccessNames.MEMBERS);
        presences.lookAgain(notB);
        assertEquals(List.of(key("svc.a", 1)), presences.present("acme", aggregate -> true));

        append(log, "acme", AccessNames.MEMBERS);
        presences.lookAgain((org, principal, aggregate) -> {
            throw new IllegalStateException("on purpose");
        });
        assertEquals(List.of(), presences.present("acme", aggregate -> true));
        log.close();
    }

    @Test
    void that_of_a_key_that_is_withdrawn_ends() {
        put("acme", key("svc.a", 1), 10);
        put("acme", key("svc.b", 1), 10);
        withdrawn.add(principal(key("svc.a", 1)));
        presences.sweep(5);
        assertEquals(List.of(key("svc.b", 1)), presences.present("acme", aggregate -> true));
        assertEquals(key("svc.a", 1), told.getLast());
    }

    private static void append(InMemoryEventLog log, String org, AggregateId aggregate) {
        log.append(AppendRequest.of(org, new ClientId("svc.a"), UUID.randomUUID(), Event.of(aggregate, "e", NOTE)));
    }
}
