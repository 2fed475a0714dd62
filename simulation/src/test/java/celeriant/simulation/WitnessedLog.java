package celeriant.simulation;

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
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The log in memory with the laws as its witness. It can be put back to an earlier moment, as from an old backup: every
 * write is remembered with the time and the chance that it met, and done again up to there.
 */
class WitnessedLog implements EventLog {
    private record Write(long atMillis, long seed, long positionBefore, Function<EventLog, CompletionStage<?>> does) {}

    private final Admission admission;
    private final Schedule schedule;
    private final Chance chance;
    private final Laws laws;
    private final List<Write> writes = new ArrayList<>();
    private final long birthSeed;
    private InMemoryEventLog log;
    private SplittableRandom ids;
    private long clockMillis;

    WitnessedLog(Admission admission, Schedule schedule, Chance chance, Laws laws) {
        this.admission = admission;
        this.schedule = schedule;
        this.chance = chance;
        this.laws = laws;
        this.birthSeed = chance.seed();
        begin();
    }

    private void begin() {
        ids = new SplittableRandom(birthSeed);
        log = new InMemoryEventLog(admission, () -> Instant.ofEpochMilli(clockMillis), this::nextId);
        laws.logBegins(log);
        log.follow(laws);
    }

    private UUID nextId() {
        return Chance.id(ids);
    }

    /** How far it has come; {@link #restore} goes back there. */
    int place() {
        return writes.size();
    }

    /** Where it ended at an earlier place. */
    long positionAt(int place) {
        return place == writes.size()
                ? log.head(Laws.ORG).position()
                : writes.get(place).positionBefore();
    }

    /** As it was at an earlier place. What was written since is lost. */
    void restore(int place) {
        List<Write> kept = List.copyOf(writes.subList(0, place));
        writes.clear();
        begin();
        kept.forEach(this::redo);
        laws.logRestored();
    }

    private CompletionStage<?> redo(Write write) {
        writes.add(write);
        clockMillis = write.atMillis();
        ids = new SplittableRandom(write.seed());
        return write.does().apply(log);
    }

    @SuppressWarnings("unchecked")
    private <T> CompletionStage<T> write(Function<EventLog, CompletionStage<T>> does) {
        Function<EventLog, CompletionStage<?>> again = does::apply;
        return (CompletionStage<T>) redo(
                new Write(schedule.millis(), chance.seed(), log.head(Laws.ORG).position(), again));
    }

    @Override
    public CompletionStage<AppendOutcome> append(AppendRequest request) {
        return write(on -> on.append(request).thenApply(outcome -> {
            laws.answered(request, outcome);
            return outcome;
        }));
    }

    @Override
    public CompletionStage<DiscardOutcome> trim(TrimRequest request) {
        return write(on -> on.trim(request));
    }

    @Override
    public CompletionStage<DiscardOutcome> delete(DeleteRequest request) {
        return write(on -> on.delete(request));
    }

    @Override
    public CompletionStage<SnapshotOutcome> putSnapshot(SnapshotRequest request) {
        return write(on -> on.putSnapshot(request));
    }

    @Override
    public Optional<ClientHead> clientHead(String org, ClientId client) {
        return log.clientHead(org, client);
    }

    @Override
    public LogHead head(String org) {
        return log.head(org);
    }

    @Override
    public Optional<String> hashAt(String org, long position) {
        return log.hashAt(org, position);
    }

    @Override
    public List<String> orgs() {
        return log.orgs();
    }

    @Override
    public List<String> types(String org) {
        return log.types(org);
    }

    @Override
    public List<AggregateSummary> aggregates(String org, String type, String afterId, int limit) {
        return log.aggregates(org, type, afterId, limit);
    }

    @Override
    public Optional<AggregateSummary> aggregate(String org, AggregateId aggregate) {
        return log.aggregate(org, aggregate);
    }

    @Override
    public EventPage readAggregate(String org, AggregateId aggregate, AggregateRead read) {
        return log.readAggregate(org, aggregate, read);
    }

    @Override
    public EventPage readMerged(String org, MergedRead read) {
        return log.readMerged(org, read);
    }

    @Override
    public Optional<AggregateState> state(String org, AggregateId aggregate) {
        return log.state(org, aggregate);
    }

    @Override
    public Optional<AggregateState> stateAt(String org, AggregateId aggregate, long version) {
        return log.stateAt(org, aggregate, version);
    }

    @Override
    public Optional<Register> register(String org, AggregateId aggregate, String key) {
        return log.register(org, aggregate, key);
    }

    @Override
    public Optional<Snapshot> snapshot(String org, AggregateId aggregate) {
        return log.snapshot(org, aggregate);
    }

    @Override
    public Subscription subscribe(String org, MergedRead read) {
        return log.subscribe(org, read);
    }

    @Override
    public Registration follow(Tail tail) {
        return log.follow(tail);
    }

    @Override
    public LogHealth health() {
        return log.health();
    }

    @Override
    public void close() {
        log.close();
    }
}
