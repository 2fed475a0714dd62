package celeriant.log.memory;

import celeriant.log.Admission;
import celeriant.log.AggregateRead;
import celeriant.log.AggregateState;
import celeriant.log.AggregateSummary;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.DeleteRequest;
import celeriant.log.DiscardOutcome;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.LogHead;
import celeriant.log.LogHealth;
import celeriant.log.MergedRead;
import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.log.Subscription;
import celeriant.log.TrimRequest;
import celeriant.log.reading.AggregatePageBuilder;
import celeriant.log.reading.MergedPageBuilder;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.Decision;
import celeriant.log.sequencer.IdSource;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.OrgHead;
import celeriant.log.sequencer.Overlay;
import celeriant.log.sequencer.Sequencer;
import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole log in memory, with the semantics of every other engine (the same {@link Sequencer}) and "durable" meaning
 * "in this process". Forgets nothing while it lives, so it is for tests and demonstrations.
 *
 * <p>Thread-safe: one lock guards everything. A write is decided, applied and completed on the caller's thread, and
 * {@link EventLog.Tail tails} hear of it there, under the lock, so in the order of the log.
 */
public final class InMemoryEventLog implements EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(InMemoryEventLog.class);

    private final MemoryLock lock = new MemoryLock();
    private final MemoryState state = new MemoryState();
    private final List<Tail> tails = new CopyOnWriteArrayList<>();
    private final Sequencer sequencer;
    private final InstantSource clock;
    private final String logId;

    /** A log with the system's clock, random ids, and everything admitted. */
    public InMemoryEventLog() {
        this(Admission.OPEN);
    }

    /** The same, in which {@code admission} is asked. */
    public InMemoryEventLog(Admission admission) {
        this(admission, InstantSource.system(), IdSource.seeded());
    }

    /**
     * @param clock dates what is recorded
     * @param ids names what comes without an id, and the log itself; called under the lock
     */
    public InMemoryEventLog(Admission admission, InstantSource clock, Supplier<UUID> ids) {
        this.sequencer = new Sequencer(admission, ids);
        this.clock = clock;
        this.logId = ids.get().toString();
    }

    @Override
    public CompletionStage<AppendOutcome> append(AppendRequest request) {
        return write((view, now) -> sequencer.decide(view, request, now), AppendOutcome.Refused::new);
    }

    @Override
    public CompletionStage<DiscardOutcome> trim(TrimRequest request) {
        return write((view, now) -> sequencer.decide(view, request, now), DiscardOutcome.Refused::new);
    }

    @Override
    public CompletionStage<DiscardOutcome> delete(DeleteRequest request) {
        return write((view, now) -> sequencer.decide(view, request, now), DiscardOutcome.Refused::new);
    }

    @Override
    public CompletionStage<SnapshotOutcome> putSnapshot(SnapshotRequest request) {
        return write((view, now) -> sequencer.decide(view, request, now), SnapshotOutcome.Refused::new);
    }

    private <T> CompletionStage<T> write(
            BiFunction<Overlay, Long, Decision<T>> decide, Function<Problem, ? extends T> refuse) {
        return lock.hold(() -> {
            if (lock.isClosed()) {
                Problem closed = Problem.of(ErrorCode.BUSY, "the log is closed");
                return CompletableFuture.<T>completedFuture(refuse.apply(closed));
            }
            Decision<T> decision = decide.apply(new Overlay(state), clock.millis());
            decision.records().forEach(this::apply);
            return decision.failure() != null
                    ? CompletableFuture.<T>failedFuture(decision.failure())
                    : CompletableFuture.completedFuture(decision.answer());
        });
    }

    private void apply(LogRecord record) {
        state.apply(record);
        if (record instanceof AppendRecord append) {
            LogHead head = logHead(state.orgHead(append.org()));
            tails.forEach(tail -> tell(tail, append, head));
            lock.signal();
        }
    }

    private static void tell(Tail tail, AppendRecord append, LogHead head) {
        try {
            tail.appended(append.org(), append.events(), head);
        } catch (RuntimeException | Error e) {
            LOG.error("a tail of the log failed, the log goes on", e);
        }
    }

    @Override
    public Optional<ClientHead> clientHead(String org, ClientId client) {
        return lock.hold(() -> Optional.ofNullable(state.clientHead(org, client)));
    }

    @Override
    public LogHead head(String org) {
        return lock.hold(() -> logHead(state.orgHead(org)));
    }

    @Override
    public Optional<String> hashAt(String org, long position) {
        return lock.hold(() -> {
            MemoryOrg known = state.org(org);
            if (position < 0 || position > known.head().position()) {
                return Optional.empty();
            }
            byte[] hash = known.hashAt(position);
            return Optional.of(hash == null ? "" : HexFormat.of().formatHex(hash));
        });
    }

    private LogHead logHead(OrgHead head) {
        String hash = head.position() == 0 ? "" : HexFormat.of().formatHex(head.hash());
        return new LogHead(head.position(), logId, hash);
    }

    @Override
    public List<String> orgs() {
        return lock.hold(() -> state.orgs().keySet().stream()
                .filter(org -> state.orgHead(org).position() > 0)
                .toList());
    }

    @Override
    public List<String> types(String org) {
        return lock.hold(() -> state.org(org).aggregates().values().stream()
                .filter(aggregate -> aggregate.head().exists())
                .map(aggregate -> aggregate.id().type())
                .distinct()
                .toList());
    }

    @Override
    public List<AggregateSummary> aggregates(String org, String type, String afterId, int limit) {
        return lock.hold(
                () -> state.org(org).aggregates().tailMap(new AggregateId(type, afterId), false).values().stream()
                        .takeWhile(aggregate -> aggregate.id().type().equals(type))
                        .filter(aggregate -> aggregate.head().exists())
                        .limit(limit)
                        .map(aggregate -> aggregate.head().summary(aggregate.id()))
                        .toList());
    }

    @Override
    public Optional<AggregateSummary> aggregate(String org, AggregateId aggregate) {
        return lock.hold(() -> Optional.of(state.aggregateHead(org, aggregate))
                .filter(head -> head.version() > 0)
                .map(head -> head.summary(aggregate)));
    }

    @Override
    public EventPage readAggregate(String org, AggregateId aggregate, AggregateRead read) {
        return lock.hold(() -> {
            MemoryAggregate known = state.org(org).aggregate(aggregate);
            AggregatePageBuilder page = new AggregatePageBuilder(read, known.head());
            known.read(page);
            return page.page();
        });
    }

    @Override
    public EventPage readMerged(String org, MergedRead read) {
        return lock.hold(() -> {
            MemoryOrg known = state.org(org);
            MergedPageBuilder page = new MergedPageBuilder(read, known.head().position());
            known.read(page, read.after());
            return page.page();
        });
    }

    @Override
    public Optional<AggregateState> state(String org, AggregateId aggregate) {
        return lock.hold(() -> {
            MemoryOrg known = state.org(org);
            MemoryAggregate found = known.aggregate(aggregate);
            return found.head().exists() ? Optional.of(found.state(known.head().position())) : Optional.empty();
        });
    }

    @Override
    public Optional<AggregateState> stateAt(String org, AggregateId aggregate, long version) {
        return lock.hold(() -> {
            MemoryAggregate found = state.org(org).aggregate(aggregate);
            boolean reached = found.head().exists() && version <= found.head().version();
            return reached ? Optional.of(found.stateAt(version)) : Optional.empty();
        });
    }

    @Override
    public Optional<Register> register(String org, AggregateId aggregate, String key) {
        return lock.hold(() -> state.register(org, aggregate, key));
    }

    @Override
    public Optional<Snapshot> snapshot(String org, AggregateId aggregate) {
        return lock.hold(
                () -> Optional.ofNullable(state.org(org).aggregate(aggregate).snapshot()));
    }

    @Override
    public Subscription subscribe(String org, MergedRead read) {
        return new MemorySubscription(this, lock, org, read);
    }

    @Override
    public Registration follow(Tail tail) {
        tails.add(tail);
        return () -> tails.remove(tail);
    }

    @Override
    public LogHealth health() {
        return lock.hold(() -> lock.isClosed() ? LogHealth.refusing("closed") : LogHealth.GOOD);
    }

    @Override
    public void close() {
        lock.close();
    }
}
