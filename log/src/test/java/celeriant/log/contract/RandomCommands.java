package celeriant.log.contract;

import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Random writes by a few clients to a few aggregates of one org: mostly what well-behaved clients send, often again,
 * and now and then what they must not. Guesses from what the model says, so that versions and sequences are often
 * right.
 */
final class RandomCommands {
    static final List<AggregateId> AGGREGATES = List.of(
            AggregateId.parse("canvas/a"),
            AggregateId.parse("canvas/b"),
            AggregateId.parse("plot/a"),
            AggregateId.parse("$access.canvas/a"));

    private static final List<ClientId> CLIENTS =
            List.of(new ClientId("ana"), new ClientId("ben"), new ClientId("svc.books"));
    private static final int ONLINE_IDS = 25;

    private final SplittableRandom random;
    private final String org;
    private final ModelLog model;

    RandomCommands(SplittableRandom random, String org, ModelLog model) {
        this.random = random;
        this.org = org;
        this.model = model;
    }

    Command next() {
        int dice = random.nextInt(100);
        if (dice < 50) {
            return new Command.Append(sequenced());
        } else if (dice < 80) {
            return new Command.Append(onlineRequest());
        } else if (dice < 88) {
            return new Command.Trim(trim());
        } else if (dice < 93) {
            return new Command.Delete(delete());
        }
        return new Command.Snapshot(snapshot());
    }

    private AppendRequest sequenced() {
        ClientId client = pick(CLIENTS);
        long head = model.headSequence(client);
        long first = oneIn(4) ? 1 + random.nextLong(head + 1) : head + (oneIn(12) ? 2 : 1);
        List<Append> appends = new ArrayList<>();
        for (int i = 0, count = oneIn(25) ? 0 : 1 + random.nextInt(4); i < count; i++) {
            appends.add(sequencedAppend(client, first + i));
        }
        return new AppendRequest(org, client, after(client, first), appends, Caller.EMBEDDER);
    }

    private After after(ClientId client, long first) {
        if (first == 1 || oneIn(4)) {
            return null;
        }
        long sequence = first - 1;
        return new After(sequence, oneIn(20) ? new UUID(7, 7) : idOf(client, sequence));
    }

    private Append sequencedAppend(ClientId client, long sequence) {
        UUID id = oneIn(40) ? new UUID(8, sequence) : idOf(client, sequence);
        if (oneIn(12)) {
            return Append.faulty(id, sequence, Problem.of(ErrorCode.VOID, "given up"));
        }
        return Append.sequenced(id, sequence, events());
    }

    /** What a client of good faith sends at a sequence always has the same id. */
    private static UUID idOf(ClientId client, long sequence) {
        return new UUID(client.hashCode(), sequence);
    }

    private AppendRequest onlineRequest() {
        List<Append> appends = new ArrayList<>();
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++) {
            UUID id = new UUID(9, random.nextInt(ONLINE_IDS));
            appends.add(
                    oneIn(12)
                            ? Append.faulty(id, 0, Problem.badRequest("/events/0/type", "no"))
                            : Append.online(id, events(), oneIn(2) ? Map.of() : expected()));
        }
        return new AppendRequest(org, pick(CLIENTS), null, appends, Caller.EMBEDDER);
    }

    private Map<AggregateId, ExpectedVersion> expected() {
        Map<AggregateId, ExpectedVersion> expected = new HashMap<>();
        for (int i = 0, count = 1 + random.nextInt(2); i < count; i++) {
            AggregateId aggregate = pick(AGGREGATES);
            expected.put(aggregate, oneIn(8) ? new ExpectedVersion.Any() : expectation(aggregate));
        }
        return expected;
    }

    private ExpectedVersion expectation(AggregateId aggregate) {
        long version = model.exists(aggregate) ? model.version(aggregate) : 0;
        return ExpectedVersion.of(oneIn(4) ? random.nextLong(version + 3) : version);
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (int i = 0, count = 1 + random.nextInt(4); i < count; i++) {
            String key = oneIn(3) ? null : "k" + random.nextInt(4);
            String data = oneIn(5) ? "null" : String.valueOf(random.nextInt(1000));
            String type = oneIn(2) ? "a" : "b";
            events.add(new Event(null, pick(AGGREGATES), type, null, key, LogFixture.json(data), null, null));
        }
        return events;
    }

    private TrimRequest trim() {
        AggregateId aggregate = pick(AGGREGATES);
        long before = random.nextLong(model.version(aggregate) + 3);
        ExpectedVersion expected = oneIn(3) ? expectation(aggregate) : new ExpectedVersion.Any();
        return new TrimRequest(org, pick(CLIENTS), maybeId(), aggregate, expected, before, oneIn(2), Caller.EMBEDDER);
    }

    private DeleteRequest delete() {
        AggregateId aggregate = pick(AGGREGATES);
        ExpectedVersion expected = oneIn(2) ? new ExpectedVersion.Any() : expectation(aggregate);
        return new DeleteRequest(org, pick(CLIENTS), maybeId(), aggregate, expected, !oneIn(12), Caller.EMBEDDER);
    }

    private UUID maybeId() {
        return oneIn(2) ? null : new UUID(9, random.nextInt(ONLINE_IDS));
    }

    private SnapshotRequest snapshot() {
        AggregateId aggregate = pick(AGGREGATES);
        long version = random.nextLong(model.version(aggregate) + 2);
        ExpectedVersion expected =
                oneIn(2) ? new ExpectedVersion.Any() : ExpectedVersion.of(random.nextLong(version + 1));
        byte[] data = String.valueOf(random.nextInt(1000)).getBytes(StandardCharsets.UTF_8);
        return new SnapshotRequest(org, aggregate, version, "text/plain", data, oneIn(2), expected, Caller.EMBEDDER);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
