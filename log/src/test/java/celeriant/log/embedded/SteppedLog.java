package celeriant.log.embedded;

import celeriant.log.Admission;
import celeriant.log.EventLog;
import celeriant.log.contract.TestClock;
import celeriant.log.embedded.commit.GroupCommit;
import celeriant.log.embedded.commit.GroupSyncs;
import celeriant.log.embedded.compaction.CompactionRunner;
import celeriant.log.embedded.compaction.Compactor;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.heads.HeadCache;
import celeriant.log.embedded.heads.HeadTable;
import celeriant.log.embedded.index.HeadWarmup;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.index.IndexStores;
import celeriant.log.embedded.index.Warmup;
import celeriant.log.embedded.record.RecordCheck;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;

/** An engine on a given disk and store, whose writer is stepped by the test: all on one thread, all repeatable. */
final class SteppedLog {
    static final EmbeddedConfig CONFIG = EmbeddedConfig.DEFAULT
            .withSegmentBytes(64 << 10)
            .withIndex(1 << 20, 8, 8 << 10)
            .withFreeBytesMin(0);

    private static final long SEED = 7;
    /** Of the log and its tombstones: the same after a restart, so that logs can be compared. */
    static final UUID ID = new UUID(1, 1);

    /** Where the index is written behind: at once, unless it is held. */
    static final class Behind implements Executor {
        private boolean isHeld;
        private Runnable waiting = () -> {};

        @Override
        public void execute(Runnable task) {
            if (isHeld) {
                waiting = task;
            } else {
                task.run();
            }
        }

        /** Lets what comes wait; one thing comes at a time. */
        void hold() {
            isHeld = true;
        }

        void letGo() {
            isHeld = false;
            waiting.run();
        }
    }

    private final Engine engine;
    private final EventLog log;
    private final HeadCache heads;
    private final AtomicLong nanos;
    private final Behind behind;

    private SteppedLog(Engine engine, HeadCache heads, AtomicLong nanos, Behind behind) {
        this.engine = engine;
        this.heads = heads;
        this.nanos = nanos;
        this.behind = behind;
        this.log = EmbeddedEventLog.stepped(engine);
    }

    static SteppedLog open(Disk disk, IndexStore store) throws IOException {
        return open(disk, store, RecordFormat::isIntact);
    }

    static SteppedLog open(Disk disk, IndexStore store, RecordCheck check) throws IOException {
        return open(disk, store, check, HeadTable::new, syncsNowAndThen());
    }

    static SteppedLog open(
            Disk disk, IndexStore store, RecordCheck check, LongFunction<HeadCache> heads, GroupSyncs syncs)
            throws IOException {
        return open(disk, store, check, heads, syncs, CONFIG, new TestClock());
    }

    /** Each second group or so is synced while the next is decided. */
    static GroupSyncs syncsNowAndThen() {
        return new LateSyncs(new SplittableRandom(SEED)::nextBoolean);
    }

    static SteppedLog open(Disk disk, IndexStore store, RecordCheck check, EmbeddedConfig config, TestClock clock)
            throws IOException {
        return open(disk, store, check, HeadTable::new, syncsNowAndThen(), config, clock);
    }

    private static SteppedLog open(
            Disk disk,
            IndexStore store,
            RecordCheck check,
            LongFunction<HeadCache> heads,
            GroupSyncs syncs,
            EmbeddedConfig config,
            TestClock clock)
            throws IOException {
        IndexStores stores = new IndexStores() {
            @Override
            public IndexStore open() {
                return store;
            }

            @Override
            public void delete() {
                throw new IllegalStateException("the index is thrown away");
            }
        };
        AtomicLong nanos = new AtomicLong();
        SplittableRandom random = new SplittableRandom(SEED);
        AtomicReference<HeadCache> made = new AtomicReference<>();
        Behind behind = new Behind();
        EngineParts parts = new EngineParts(
                disk,
                stores,
                clock,
                () -> ID,
                random::nextLong,
                Runnable::run,
                behind,
                check,
                nanos::getAndIncrement,
                syncs,
                bytes -> made.updateAndGet(none -> heads.apply(bytes)));
        Engine engine = Engine.open(parts, config, Admission.OPEN);
        return new SteppedLog(engine, made.get(), nanos, behind);
    }

    EventLog log() {
        return log;
    }

    Behind behind() {
        return behind;
    }

    /** Lets so much time pass for what is measured. */
    void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    /** Sends a write without letting the writer at it. */
    CompletableFuture<?> send(Workload.Write write) {
        return write.send(log).toCompletableFuture();
    }

    /** Lets the writer settle all that waits. */
    void settle() throws InterruptedException {
        boolean more = true;
        while (more) {
            more = engine.core().step(0);
        }
    }

    /** Lets the writer decide all that waits; the latest group may not be durable yet. */
    void step() throws InterruptedException {
        engine.core().step(0);
    }

    /** Reads the heads of the store into memory. */
    void warmUp() {
        run(engine.headWarmup());
    }

    /** Reads the ids of the store's appends into memory. */
    void warmUpIds() {
        run(engine.idWarmup());
    }

    private static void run(Warmup warmup) {
        try (warmup) {
            boolean more = true;
            while (more) {
                more = warmup.step();
            }
        }
    }

    /** The same, to be stepped and closed by the caller. */
    HeadWarmup warmup() {
        return engine.headWarmup();
    }

    /** What rises with every append and read, so that packing gives way. */
    long use() {
        return engine.use();
    }

    Index index() {
        return engine.index();
    }

    /** Lets the compactor do what is due at that time. @return whether there was something */
    boolean compactIfDue(long nowMillis) throws IOException {
        return engine.compactor().step(nowMillis, this::call);
    }

    /** To be stepped, not started. */
    CompactionRunner compactionRunner() {
        return engine.compactionRunner();
    }

    Compactor compactor() {
        return engine.compactor();
    }

    void close() throws IOException {
        engine.close();
    }

    /** Gives back its memory and does nothing else, as a process that ends: thousands that are only opened need it. */
    void lose() {
        heads.close();
    }

    /** Removes what was trimmed and deleted, and packs what is full. */
    void compact() throws IOException {
        engine.compactor().compact(1, this::call);
    }

    private <T> T call(GroupCommit.Errand<T> errand) throws IOException {
        CompletableFuture<T> done = engine.core().betweenGroups(errand);
        try {
            settle();
            return done.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IOException("the errand failed", e.getCause());
        }
    }
}
