package celeriant.log.embedded;

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
import celeriant.log.Measures;
import celeriant.log.MergedRead;
import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.log.Subscription;
import celeriant.log.TrimRequest;
import celeriant.log.embedded.backup.Backup;
import celeriant.log.embedded.backup.BackupReport;
import celeriant.log.embedded.commit.GroupCommitRunner;
import celeriant.log.embedded.commit.PendingWrite;
import celeriant.log.embedded.commit.SyncRunner;
import celeriant.log.embedded.commit.ThreadEnd;
import celeriant.log.embedded.compaction.CompactionRunner;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.disk.FolderDisk;
import celeriant.log.embedded.heads.HeadTable;
import celeriant.log.embedded.index.RocksIndexStores;
import celeriant.log.embedded.reads.ReadGate;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.embedded.record.WriteSize;
import celeriant.log.embedded.subscriptions.MergedSubscription;
import celeriant.log.embedded.system.ThreadRank;
import celeriant.log.sequencer.IdSource;
import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Problem;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The log of one machine: a folder of its own, one process at a time.
 *
 * <pre>{@code
 * try (EventLog log = EmbeddedEventLog.open(Path.of("data"), EmbeddedConfig.DEFAULT)) {
 *     log.append(request).toCompletableFuture().join();
 * }
 * }</pre>
 *
 * Thread-safe.
 */
public final class EmbeddedEventLog implements EventLog {

    private final Engine engine;
    private final Path folder;
    private final GroupCommitRunner runner;
    private final CompactionRunner compaction;
    private final WarmupRunner warmup;
    private final ReadGate gate;
    private final List<Runnable> threadEnds;
    private final FutureTask<Void> closing = new FutureTask<>(this::closeParts);
    /** A thread that nobody interrupts: a log that is closed half way keeps its folder. */
    private final Thread closer =
            Thread.ofPlatform().name("celeriant-close").daemon().unstarted(closing);

    private EmbeddedEventLog(Engine engine, Path folder, List<Runnable> threadEnds) {
        this.engine = engine;
        this.folder = folder;
        this.gate = engine.gate();
        this.threadEnds = threadEnds;
        this.runner = new GroupCommitRunner(engine.core(), engine.queue(), "celeriant-writer");
        this.compaction = engine.compactionRunner();
        this.warmup = new WarmupRunner(List.of(engine::idWarmup, engine::headWarmup));
    }

    /** Opens the log in a folder, making it if there is none; admits everything. */
    public static EmbeddedEventLog open(Path folder, EmbeddedConfig config) throws IOException {
        return open(folder, config, Admission.OPEN);
    }

    /**
     * Opens the log in a folder, making it if there is none. Reads back what a crash left.
     *
     * @param admission asked before an append is settled
     * @throws FolderInUseException if the folder is open already
     * @throws CorruptLogException if something that was durable is damaged
     * @throws UnknownFormatException if a newer version wrote it
     */
    public static EmbeddedEventLog open(Path folder, EmbeddedConfig config, Admission admission) throws IOException {
        return open(folder, config, admission, InstantSource.system(), IdSource.seeded());
    }

    /**
     * The same with a clock and ids of the caller's.
     *
     * @param clock says when records are recorded
     * @param ids gives the log's own id and those of events that come without one; none twice, any thread
     */
    public static EmbeddedEventLog open(
            Path folder, EmbeddedConfig config, Admission admission, InstantSource clock, Supplier<UUID> ids)
            throws IOException {
        ExecutorService preparing = background("celeriant-segments");
        ExecutorService indexing = background("celeriant-index");
        indexing.execute(ThreadRank::behind);
        // What it fails of is said below, where the library is needed.
        preparing.submit(RocksIndexStores::loadLibrary);
        SyncRunner syncs = new SyncRunner("celeriant-sync");
        List<Runnable> threadEnds = List.of(preparing::shutdown, indexing::shutdown, syncs::close);
        syncs.start();
        Disk disk = null;
        try {
            disk = FolderDisk.open(folder);
            SecureRandom salts = new SecureRandom();
            EngineParts parts = new EngineParts(
                    disk,
                    new RocksIndexStores(folder.resolve(RocksIndexStores.FOLDER), config.indexCacheBytes()),
                    clock,
                    ids,
                    salts::nextLong,
                    preparing,
                    indexing,
                    RecordFormat::isIntact,
                    Clock::nanos,
                    syncs,
                    HeadTable::new);
            return start(Engine.open(parts, config, admission), folder, threadEnds);
        } catch (IOException | RuntimeException | Error e) {
            threadEnds.forEach(Runnable::run);
            if (disk != null) {
                disk.close();
            }
            throw e;
        }
    }

    /** Starts the writer of an engine. */
    private static EmbeddedEventLog start(Engine engine, Path folder, List<Runnable> threadEnds) {
        EmbeddedEventLog log = new EmbeddedEventLog(engine, folder, threadEnds);
        log.runner.start();
        log.compaction.start();
        log.warmup.start();
        return log;
    }

    /** The log of an engine whose writer somebody else steps. */
    static EmbeddedEventLog stepped(Engine engine) {
        return new EmbeddedEventLog(engine, null, List.of());
    }

    private static ExecutorService background(String name) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    @Override
    public CompletionStage<AppendOutcome> append(AppendRequest request) {
        WriteSize size = WriteSize.of(request);
        PendingWrite.Room room = size == WriteSize.SMALL
                ? PendingWrite.Room.MAKES
                : request.caller().cannotWait() ? PendingWrite.Room.TAKES_OF_RESERVE : PendingWrite.Room.TAKES;
        return write(
                (view, now) -> engine.sequencer().decide(view, request, now), AppendOutcome.Refused::new, size, room);
    }

    @Override
    public CompletionStage<DiscardOutcome> trim(TrimRequest request) {
        return write(
                (view, now) -> engine.sequencer().decide(view, request, now),
                DiscardOutcome.Refused::new,
                WriteSize.SMALL,
                PendingWrite.Room.MAKES);
    }

    @Override
    public CompletionStage<DiscardOutcome> delete(DeleteRequest request) {
        return write(
                (view, now) -> engine.sequencer().decide(view, request, now),
                DiscardOutcome.Refused::new,
                WriteSize.SMALL,
                PendingWrite.Room.MAKES);
    }

    @Override
    public CompletionStage<SnapshotOutcome> putSnapshot(SnapshotRequest request) {
        return write(
                (view, now) -> engine.sequencer().decide(view, request, now),
                SnapshotOutcome.Refused::new,
                WriteSize.of(request),
                PendingWrite.Room.TAKES);
    }

    private <T> CompletionStage<T> write(
            PendingWrite.Decider<T> decider,
            Function<Problem, ? extends T> refuse,
            WriteSize size,
            PendingWrite.Room room) {
        if (size.refusal() != null) {
            return CompletableFuture.completedFuture(refuse.apply(size.refusal()));
        }
        long now = engine.meters().now();
        return engine.queue()
                .offer(new PendingWrite<T>(decider, refuse, size.bytes(), room, now, new CompletableFuture<>()));
    }

    @Override
    public Optional<ClientHead> clientHead(String org, ClientId client) {
        return gate.read(() -> Optional.ofNullable(engine.reads().view().clientHead(org, client)));
    }

    @Override
    public LogHead head(String org) {
        return gate.read(() -> engine.reads().head(org));
    }

    @Override
    public Optional<String> hashAt(String org, long position) {
        return gate.read(() -> engine.reads().hashAt(org, position));
    }

    @Override
    public List<String> orgs() {
        return gate.read(() -> engine.listing().orgs());
    }

    @Override
    public List<String> types(String org) {
        return gate.read(() -> engine.listing().types(org));
    }

    @Override
    public List<AggregateSummary> aggregates(String org, String type, String afterId, int limit) {
        return gate.read(() -> engine.listing().aggregates(org, type, afterId, limit));
    }

    @Override
    public Optional<AggregateSummary> aggregate(String org, AggregateId aggregate) {
        return gate.read(() -> Optional.of(engine.reads().view().aggregateHead(org, aggregate))
                .filter(head -> head.version() > 0)
                .map(head -> head.summary(aggregate)));
    }

    @Override
    public EventPage readAggregate(String org, AggregateId aggregate, AggregateRead read) {
        return gate.read(org, aggregate, () -> engine.reads().readAggregate(org, aggregate, read));
    }

    @Override
    public EventPage readMerged(String org, MergedRead read) {
        return gate.read(() -> engine.reads().readMerged(org, read));
    }

    @Override
    public Optional<AggregateState> state(String org, AggregateId aggregate) {
        return gate.read(org, aggregate, () -> engine.reads().state(org, aggregate));
    }

    @Override
    public Optional<AggregateState> stateAt(String org, AggregateId aggregate, long version) {
        return gate.read(org, aggregate, () -> engine.reads().stateAt(org, aggregate, version));
    }

    @Override
    public Optional<Register> register(String org, AggregateId aggregate, String key) {
        return gate.read(org, aggregate, () -> engine.reads().view().register(org, aggregate, key));
    }

    @Override
    public Optional<Snapshot> snapshot(String org, AggregateId aggregate) {
        return gate.read(org, aggregate, () -> engine.reads().snapshot(org, aggregate));
    }

    @Override
    public Subscription subscribe(String org, MergedRead read) {
        return new MergedSubscription(this, engine.announcer(), org, read);
    }

    @Override
    public Registration follow(Tail tail) {
        return engine.announcer().follow(tail);
    }

    @Override
    public LogHealth health() {
        return engine.health();
    }

    @Override
    public void measure(Measures into) {
        if (!engine.queue().isClosed()) {
            gate.read(() -> engine.measure(into));
        }
    }

    /**
     * Copies the log as it is now into a folder, while it goes on: consistent, and only what the folder does not have
     * yet. Full segments become hard links where that is possible, which protects from mistakes and not from the loss
     * of the disk: then back up to another one. To restore, open the folder, or a copy of it. Blocks.
     *
     * @param to is made if it is missing; holds nothing but backups of this log
     * @throws IllegalArgumentException if it holds something else
     * @throws IllegalStateException once the log is closed
     */
    public BackupReport backup(Path to) throws IOException {
        return engine.compactor()
                .hold(() ->
                        Backup.run(folder, to, engine.logId(), engine.journal().durableEnd(), compaction::isStopped));
    }

    /**
     * Removes what was trimmed or deleted from the journal's files, now and not by the configured deadline. Reads the
     * whole log; blocks.
     *
     * @throws IllegalStateException once the log is closed
     */
    public void compact() throws IOException {
        compaction.compact();
    }

    /**
     * Whoever else closes it at the same time waits, too. A compaction or backup that is on its way ends with an
     * {@link IllegalStateException}.
     *
     * @throws IllegalStateException if it is called by the writer's thread, which would wait for itself
     */
    @Override
    public void close() {
        if (runner.isCurrentThread()) {
            throw new IllegalStateException("the log cannot be closed by its writer's thread: close it from another");
        }
        synchronized (closer) {
            if (closer.getState() == Thread.State.NEW) {
                closer.start();
            }
        }
        ThreadEnd.await(closer);
        if (closing.state() == Future.State.FAILED) {
            throw new IllegalStateException("not everything of the log could be closed", closing.exceptionNow());
        }
    }

    private Void closeParts() throws IOException {
        compaction.stop();
        warmup.stop();
        engine.queue().close();
        runner.join();
        engine.announcer().close();
        gate.close();
        try {
            engine.close();
        } finally {
            threadEnds.forEach(Runnable::run);
        }
        return null;
    }
}
