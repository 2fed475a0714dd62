package celeriant.log.contract;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.DiscardOutcome;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import celeriant.model.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One open log and the words in which the contract's tests speak to it. */
public final class LogFixture implements AutoCloseable {
    public static final String ORG = "acme";
    public static final ClientId ANA = new ClientId("ana");
    public static final ClientId BEN = new ClientId("ben");
    public static final AggregateId BOARD = AggregateId.parse("canvas/board");
    public static final AggregateId OTHER = AggregateId.parse("canvas/other");
    public static final AggregateId PLOT = AggregateId.parse("plot/p1");

    private static final long ANSWER_SECONDS_MAX = 120;

    private final EventLog log;
    private final TestClock clock;
    private final TestAdmission admission;

    LogFixture(EventLog log, TestClock clock, TestAdmission admission) {
        this.log = log;
        this.clock = clock;
        this.admission = admission;
    }

    public EventLog log() {
        return log;
    }

    public TestClock clock() {
        return clock;
    }

    public TestAdmission admission() {
        return admission;
    }

    /** The id that the tests give to number {@code n}. */
    public static UUID id(long n) {
        return new UUID(0x0000_0000_0000_4000L, 0x8000_0000_0000_0000L | n);
    }

    public static EventData json(String text) {
        return EventData.json(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An event without a key. */
    public static Event fact(AggregateId aggregate, String type) {
        return Event.of(aggregate, type, json("{}"));
    }

    /** An event that sets a register. */
    public static Event set(AggregateId aggregate, String key, String value) {
        return Event.keyed(aggregate, "set", key, json(value));
    }

    public static Append online(long id, Event... events) {
        return Append.online(id(id), List.of(events), Map.of());
    }

    public static Append expecting(long id, Map<AggregateId, Long> expected, Event... events) {
        Map<AggregateId, ExpectedVersion> versions = new HashMap<>();
        expected.forEach((aggregate, version) -> versions.put(aggregate, ExpectedVersion.of(version)));
        return Append.online(id(id), List.of(events), versions);
    }

    /** A sequenced append whose id is that of its sequence. */
    public static Append numbered(long sequence, Event... events) {
        return Append.sequenced(id(sequence), sequence, List.of(events));
    }

    /** The request of one client, as it would follow from {@link #numbered} appends. */
    public static AppendRequest request(ClientId client, Append... appends) {
        long first = appends.length == 0 ? 0 : appends[0].sequence();
        After after = first > 1 ? new After(first - 1, id(first - 1)) : null;
        return request(client, after, appends);
    }

    public static AppendRequest request(ClientId client, After after, Append... appends) {
        return new AppendRequest(ORG, client, after, List.of(appends), Caller.EMBEDDER);
    }

    public AppendOutcome outcome(AppendRequest request) {
        return await(log.append(request));
    }

    public List<AppendResult> results(AppendRequest request) {
        return assertInstanceOf(AppendOutcome.Settled.class, outcome(request)).results();
    }

    /** The verdict on one append. */
    public AppendResult result(ClientId client, Append append) {
        return results(request(client, append)).get(0);
    }

    public AppendResult.Appended appended(ClientId client, Append append) {
        return assertInstanceOf(AppendResult.Appended.class, result(client, append));
    }

    /** Why a request is refused as a whole. */
    public Problem refused(AppendRequest request) {
        return assertInstanceOf(AppendOutcome.Refused.class, outcome(request)).problem();
    }

    public DiscardOutcome trim(UUID id, AggregateId aggregate, long before, boolean force) {
        return await(log.trim(
                new TrimRequest(ORG, ANA, id, aggregate, new ExpectedVersion.Any(), before, force, Caller.EMBEDDER)));
    }

    public DiscardOutcome delete(UUID id, AggregateId aggregate, ExpectedVersion expected, boolean recreate) {
        return await(log.delete(new DeleteRequest(ORG, ANA, id, aggregate, expected, recreate, Caller.EMBEDDER)));
    }

    /** Deletes what exists. */
    public DiscardOutcome.Discarded deleted(AggregateId aggregate, boolean recreate) {
        return assertInstanceOf(
                DiscardOutcome.Discarded.class, delete(null, aggregate, new ExpectedVersion.Any(), recreate));
    }

    public SnapshotOutcome snapshot(AggregateId aggregate, long version, String text, boolean replaceSame) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        ExpectedVersion any = new ExpectedVersion.Any();
        return await(log.putSnapshot(
                new SnapshotRequest(ORG, aggregate, version, "text/plain", data, replaceSame, any, Caller.EMBEDDER)));
    }

    /** All events that a read is shown, page by page. */
    public List<RecordedEvent> merged(MergedRead read) {
        List<RecordedEvent> events = new ArrayList<>();
        MergedRead next = read;
        while (true) {
            EventPage page = log.readMerged(ORG, next);
            events.addAll(page.events());
            if (page.last()) {
                return events;
            }
            assertTrue(page.covered() > next.after(), "a page that is not the last one gets on");
            next = next.from(page.covered());
        }
    }

    public List<Long> positions() {
        return merged(MergedRead.after(0)).stream().map(RecordedEvent::position).toList();
    }

    public long position() {
        return log.head(ORG).position();
    }

    /** Waits for a write's answer; a log that never answers fails the test. */
    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("no answer within " + ANSWER_SECONDS_MAX + " s", e);
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
