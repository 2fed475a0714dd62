package celeriant.gateway.access;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.DeleteRequest;
import celeriant.log.DiscardOutcome;
import celeriant.log.EventLog;
import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
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
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

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

    /** Publishes a snapshot of version 1, without a check before the log's own. */
    String publish(Principal principal) {
        SnapshotRequest request = new SnapshotRequest(
                ORG, BOARD, 1, "text/plain", new byte[1], true, new ExpectedVersion.Any(), principal);
        return switch (log.putSnapshot(request).toCompletableFuture().join()) {
            case SnapshotOutcome.Stored stored -> "stored";
            case SnapshotOutcome.Refused refused -> refused.problem().code().code();
        };
    }

    String trim(Principal principal) {
        return word(log.trim(
                new TrimRequest(ORG, principal.client(), null, BOARD, new ExpectedVersion.Any(), 2, true, principal)));
    }

    String delete(Principal principal) {
        return word(log.delete(
                new DeleteRequest(ORG, principal.client(), null, BOARD, new ExpectedVersion.Any(), true, principal)));
    }

    private static String word(CompletionStage<DiscardOutcome> discard) {
        return switch (discard.toCompletableFuture().join()) {
            case DiscardOutcome.Discarded done -> "discarded";
            case DiscardOutcome.Refused refused -> refused.problem().code().code();
        };
    }

    AccessService.Answer patch(Principal principal, String body) {
        return access.patch(
                ORG,
                principal,
                BOARD,
                AccessBodies.accessPatch(body.getBytes(StandardCharsets.UTF_8)),
                new ExpectedVersion.Any());
    }

    AccessService.Answer grant(Principal owner, Principal other, String level) {
        String word = level == null ? "null" : '"' + level + '"';
        return patch(owner, "{\"grants\":[{\"client\":\"" + other.client() + "\",\"level\":" + word + "}]}");
    }
}
