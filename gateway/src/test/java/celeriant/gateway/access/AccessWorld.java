package celeriant.gateway.access;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.EventLog;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/** A log with access control and a clock of its own, and people who use it. */
final class AccessWorld {
    static final String ORG = "demo";
    static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    static final Principal ANN = device('a');
    static final Principal BEN = device('b');
    static final Principal CAT = device('c');

    Instant now = Instant.parse("2026-11-24T12:00:00Z");
    OrgPolicy policy = OrgPolicy.OPEN;
    final EventLog log;
    final AccessService access;
    final Shares shares;

    private final Random random = new Random(1);

    AccessWorld() {
        InstantSource clock = () -> now;
        log = new InMemoryEventLog(new AccessControl(org -> policy), clock, this::id);
        Access parts = Access.over(log, org -> policy, new SystemAppender(log, clock, this::id), this::bytes);
        access = parts.service();
        shares = parts.shares();
    }

    static Principal device(char letter) {
        return Principal.device(new ClientId(String.valueOf(letter).repeat(43)));
    }

    private synchronized UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private synchronized byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    AppendResult append(Principal principal, AggregateId aggregate) {
        return append(principal, aggregate, Map.of());
    }

    AppendResult append(Principal principal, AggregateId aggregate, Map<AggregateId, ExpectedVersion> expected) {
        Event event = Event.of(aggregate, "drawn", EventData.json("1".getBytes(StandardCharsets.UTF_8)));
        AppendRequest request = new AppendRequest(
                ORG, principal.client(), null, List.of(Append.online(id(), List.of(event), expected)), principal);
        return switch (log.append(request).toCompletableFuture().join()) {
            case AppendOutcome.Settled settled -> settled.results().get(0);
            case AppendOutcome.Refused refused -> throw new AssertionError(refused.problem());
        };
    }

    AccessService.Answer patch(Principal principal, String body) {
        return access.patch(
                ORG,
                principal,
                BOARD,
                AccessBodies.accessPatch(body.getBytes(StandardCharsets.UTF_8)),
                OptionalLong.empty());
    }

    AccessService.Answer grant(Principal owner, Principal other, String level) {
        String word = level == null ? "null" : '"' + level + '"';
        return patch(owner, "{\"grants\":[{\"client\":\"" + other.client() + "\",\"level\":" + word + "}]}");
    }
}
