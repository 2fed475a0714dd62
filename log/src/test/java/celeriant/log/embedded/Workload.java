package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.OTHER;
import static celeriant.log.contract.LogFixture.PLOT;
import static celeriant.log.contract.LogFixture.id;
import static celeriant.log.contract.LogFixture.request;

import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.EventLog;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Writes of every kind, each of which may be sent again: each settles at most one record, and every event has an id, so
 * that a run that was cut and completed gives the same log, byte for byte, as one that was not.
 */
final class Workload {
    /** One write, sent to a log. */
    interface Write {
        CompletionStage<?> send(EventLog log);
    }

    private static final List<AggregateId> AGGREGATES = List.of(BOARD, OTHER, PLOT);
    private static final int KEYS = 5;
    private static final int DATA_BYTES_MAX = 900;

    private final RandomGenerator random;
    private final List<Write> writes = new ArrayList<>();
    private final long[] sequences = new long[2];
    private long nextId = 1_000;

    private Workload(RandomGenerator random) {
        this.random = random;
    }

    static List<Write> of(int count, RandomGenerator random) {
        Workload workload = new Workload(random);
        for (int i = 0; i < count; i++) {
            workload.writes.add(workload.next());
        }
        return workload.writes;
    }

    private Write next() {
        return switch (random.nextInt(12)) {
            case 0 -> trim();
            case 1 -> delete();
            case 2 -> snapshot();
            case 3 -> rejection();
            case 4, 5, 6 -> online();
            default -> sequenced();
        };
    }

    private Write sequenced() {
        int writer = random.nextInt(2);
        ClientId client = writer == 0 ? ANA : BEN;
        long sequence = ++sequences[writer];
        AppendRequest append = request(client, Append.sequenced(id(sequence), sequence, events()));
        return log -> log.append(append);
    }

    private Write rejection() {
        int writer = random.nextInt(2);
        ClientId client = writer == 0 ? ANA : BEN;
        long sequence = ++sequences[writer];
        Problem problem = Problem.of(ErrorCode.VOID, "given up").with("sequence", sequence);
        AppendRequest append = request(client, Append.faulty(id(sequence), sequence, problem));
        return log -> log.append(append);
    }

    private Write online() {
        Map<AggregateId, ExpectedVersion> expected =
                random.nextInt(3) == 0 ? Map.of(aggregate(), new ExpectedVersion.None()) : Map.of();
        AppendRequest append = request(BEN, Append.online(id(nextId++), events(), expected));
        return log -> log.append(append);
    }

    private Write trim() {
        TrimRequest trim = new TrimRequest(
                ORG,
                ANA,
                id(nextId++),
                aggregate(),
                new ExpectedVersion.Any(),
                1 + random.nextInt(6),
                true,
                Caller.EMBEDDER);
        return log -> log.trim(trim);
    }

    private Write delete() {
        DeleteRequest delete = new DeleteRequest(
                ORG, ANA, id(nextId++), aggregate(), new ExpectedVersion.Any(), true, Caller.EMBEDDER);
        return log -> log.delete(delete);
    }

    private Write snapshot() {
        AggregateId aggregate = aggregate();
        byte[] data = new byte[random.nextInt(DATA_BYTES_MAX)];
        return log -> log.putSnapshot(new SnapshotRequest(
                ORG, aggregate, 1, "text/plain", data, true, new ExpectedVersion.Any(), Caller.EMBEDDER));
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String key = random.nextBoolean() ? "k" + random.nextInt(KEYS) : null;
            events.add(new Event(id(nextId++), aggregate(), "set", null, key, data(), null, null));
        }
        return events;
    }

    private EventData data() {
        if (random.nextInt(8) == 0) {
            return EventData.json("null".getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = new byte[random.nextInt(DATA_BYTES_MAX)];
        random.nextBytes(bytes);
        return EventData.binary(bytes);
    }

    private AggregateId aggregate() {
        return AGGREGATES.get(random.nextInt(AGGREGATES.size()));
    }
}
