package celeriant.log.embedded;

import celeriant.log.Admission;
import celeriant.log.LogHealth;
import celeriant.log.Measures;
import celeriant.log.embedded.commit.CommitPipeline;
import celeriant.log.embedded.commit.DiskWatch;
import celeriant.log.embedded.commit.GroupCommit;
import celeriant.log.embedded.commit.GroupWrites;
import celeriant.log.embedded.commit.Meters;
import celeriant.log.embedded.commit.WriteQueue;
import celeriant.log.embedded.compaction.CompactionPace;
import celeriant.log.embedded.compaction.CompactionRunner;
import celeriant.log.embedded.compaction.Compactor;
import celeriant.log.embedded.compaction.SegmentRewriter;
import celeriant.log.embedded.disk.DiskStall;
import celeriant.log.embedded.heads.HeadCache;
import celeriant.log.embedded.index.AppendIdDays;
import celeriant.log.embedded.index.DamagedIndexException;
import celeriant.log.embedded.index.HeadWarmup;
import celeriant.log.embedded.index.IdWarmup;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.IndexKeys;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.index.IndexWriter;
import celeriant.log.embedded.index.KnownHeads;
import celeriant.log.embedded.index.KnownIds;
import celeriant.log.embedded.index.Listing;
import celeriant.log.embedded.index.StoredHeads;
import celeriant.log.embedded.journal.Covered;
import celeriant.log.embedded.journal.DurableMark;
import celeriant.log.embedded.journal.Journal;
import celeriant.log.embedded.journal.LogMeta;
import celeriant.log.embedded.journal.Recovery;
import celeriant.log.embedded.journal.SegmentSource;
import celeriant.log.embedded.reads.EmbeddedReads;
import celeriant.log.embedded.reads.IndexedView;
import celeriant.log.embedded.reads.ReadGate;
import celeriant.log.embedded.record.RecordDecoder;
import celeriant.log.embedded.subscriptions.Announcer;
import celeriant.log.sequencer.Sequencer;
import celeriant.model.Problem;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of an open log, put together: opening reads the meta file, opens the index, finds the end of the journal
 * and replays what the index does not cover.
 */
final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final EngineParts parts;
    private final EmbeddedConfig config;
    private final UUID logId;
    private final Index index;
    private final KnownHeads heads;
    private final KnownIds ids;
    private final HeadCache headCache;
    private final IndexWriter indexWriter;
    private final Journal journal;
    private final WriteQueue queue;
    private final DiskStall diskStall;
    private final Sequencer sequencer;
    private final EmbeddedReads reads;
    private final Listing listing;
    private final Announcer announcer;
    private final GroupCommit core;
    private final CountDownLatch stopCompaction = new CountDownLatch(1);
    private final Compactor compactor;
    private final Meters meters;
    private final ReadGate gate = new ReadGate();

    private Engine(
            EngineParts parts,
            EmbeddedConfig config,
            Admission admission,
            UUID logId,
            IndexStore store,
            HeadCache headCache)
            throws IOException {
        this.parts = parts;
        this.config = config;
        this.logId = logId;
        this.meters = new Meters(parts.nanos());
        this.headCache = headCache;
        this.ids = new KnownIds(parts.salts().getAsLong());
        this.index = new Index(store, config.appendIdDays(), ids);
        this.heads = new KnownHeads(index, headCache, new StoredHeads(store, headCache, parts.salts()));
        this.indexWriter = new IndexWriter(
                index, logId, config.indexFreezeRecords(), config.indexFlushBytes(), heads, parts.indexing());
        store.beginOwnWork();
        try {
            this.journal = recover();
        } catch (IOException | RuntimeException | Error e) {
            // The store is closed next, and must not be under who still writes it.
            indexWriter.awaitEnd();
            throw e;
        }
        this.queue = new WriteQueue(config.queueWritesMax(), config.queueBytesMax());
        this.sequencer = new Sequencer(admission, parts.ids());
        this.reads = new EmbeddedReads(index, journal, logId.toString());
        this.listing = new Listing(index);
        this.announcer = new Announcer((org, view) -> reads.logHead(view.orgHead(org)));
        this.diskStall = new DiskStall(parts.nanos(), config.diskStall());
        this.core = commit();
        this.compactor = compaction();
    }

    private GroupCommit commit() {
        long roomMin = config.freeBytesMin() == 0 ? 0 : config.freeBytesMin() + config.segmentBytes();
        DiskWatch diskWatch = new DiskWatch(parts.disk(), queue, roomMin);
        diskWatch.step(parts.clock().millis());
        GroupWrites writes = new GroupWrites(journal, parts.syncs(), diskStall, meters);
        CommitPipeline pipeline = new CommitPipeline(
                queue,
                writes,
                indexWriter,
                new IndexedView(index, journal, heads::entry),
                announcer,
                meters,
                config.groupBytesMax());
        return new GroupCommit(queue, pipeline, writes, parts.clock(), diskWatch);
    }

    private Compactor compaction() throws IOException {
        SegmentRewriter rewriter = new SegmentRewriter(
                parts.disk(),
                parts.check(),
                config.compressionLevel(),
                () -> stopCompaction.getCount() == 0,
                new CompactionPace(this::use, this::restFromCompaction));
        return new Compactor(
                parts.disk(),
                journal,
                index,
                indexWriter,
                rewriter,
                config.removalDeadline().toMillis(),
                parts.clock().millis());
    }

    /** Rises with every append and every read. */
    long use() {
        return journal.durableEnd() + gate.reads();
    }

    private void restFromCompaction(long millis) {
        try {
            if (stopCompaction.await(millis, TimeUnit.MILLISECONDS)) {
                throw new SegmentRewriter.StoppedException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SegmentRewriter.StoppedException();
        }
    }

    static Engine open(EngineParts parts, EmbeddedConfig config, Admission admission) throws IOException {
        UUID logId = LogMeta.openOrCreate(parts.disk(), parts.ids());
        IndexStore store = openStore(parts, logId, config.appendIdDays());
        HeadCache headCache = parts.heads().apply(config.headCacheBytes());
        try {
            return new Engine(parts, config, admission, logId, store, headCache);
        } catch (DamagedIndexException e) {
            headCache.close();
            store.close();
            parts.stores().delete();
            LOG.info("the index is damaged, it is built anew: {}", e.toString());
        } catch (IOException | RuntimeException | Error e) {
            headCache.close();
            store.close();
            throw e;
        }
        return open(parts, config, admission);
    }

    /** An index that cannot be used is no loss: the journal has it all. */
    private static IndexStore openStore(EngineParts parts, UUID logId, int appendIdDays) throws IOException {
        IndexStore store = null;
        try {
            store = parts.stores().open();
            byte[] covered = store.value(IndexKeys.covered());
            Covered known = covered == null ? null : Covered.of(covered);
            boolean isOurs = covered == null || known != null && known.logId().equals(logId);
            if (isOurs && AppendIdDays.agree(store, appendIdDays)) {
                return store;
            }
            LOG.info("the index is of another log, format or appendIdDays: it is built anew");
        } catch (IOException | RuntimeException e) {
            LOG.info("the index cannot be opened, it is built anew: {}", e.toString());
        }
        if (store != null) {
            store.close();
        }
        parts.stores().delete();
        IndexStore empty = parts.stores().open();
        AppendIdDays.agree(empty, appendIdDays);
        return empty;
    }

    private Journal recover() throws IOException {
        byte[] stored = index.store().value(IndexKeys.covered());
        Covered covered = stored == null ? Covered.nothing(logId) : Covered.of(stored);
        index.findBuckets();
        DurableMark mark = DurableMark.open(parts.disk(), logId);
        Recovery recovery = new Recovery(parts.disk(), logId, parts.check(), mark.endAtOpen());
        Recovery.Found found = recovery.run(covered, record -> {
            indexWriter.apply(RecordDecoder.decode(record), record);
            indexWriter.writeBehind();
        });
        SegmentSource source = new SegmentSource(
                parts.disk(), logId, config.segmentBytes(), parts.salts(), parts.preparing(), parts.check());
        return Journal.continuing(found, source, mark);
    }

    UUID logId() {
        return logId;
    }

    ReadGate gate() {
        return gate;
    }

    EmbeddedReads reads() {
        return reads;
    }

    Listing listing() {
        return listing;
    }

    Index index() {
        return index;
    }

    WriteQueue queue() {
        return queue;
    }

    /** Whether the log takes appends; any thread. */
    LogHealth health() {
        String failure = queue.failure();
        if (failure != null) {
            return LogHealth.failed(failure);
        }
        String stall = diskStall.problem();
        if (stall != null) {
            return LogHealth.refusing(stall);
        }
        Problem full = queue.full();
        if (full != null) {
            return LogHealth.refusing(full.detail());
        }
        return queue.isClosed() ? LogHealth.refusing("closed") : LogHealth.GOOD;
    }

    Sequencer sequencer() {
        return sequencer;
    }

    Announcer announcer() {
        return announcer;
    }

    GroupCommit core() {
        return core;
    }

    Journal journal() {
        return journal;
    }

    Compactor compactor() {
        return compactor;
    }

    Meters meters() {
        return meters;
    }

    /** Shows everything that is measured; any thread, while the index is open. */
    void measure(Measures into) {
        meters.show(into);
        queue.show(into);
        diskStall.show(into);
        indexWriter.show(into);
        heads.show(into);
        ids.show(into);
        index.store().show(into);
        compactor.show(into);
        into.gauge("journal_segments", "Files of the journal.", journal.segmentCount());
        try {
            into.gauge(
                    "disk_free_bytes",
                    "Room on the disk of the journal.",
                    parts.disk().usableBytes());
        } catch (IOException e) {
            LOG.debug("the disk does not say how much room it has", e);
        }
    }

    CompactionRunner compactionRunner() {
        return new CompactionRunner(compactor, core, parts.clock(), stopCompaction);
    }

    /** Lets the writer know the aggregates of the index; the caller closes it before the engine. */
    HeadWarmup headWarmup() {
        return new HeadWarmup(heads, index.store());
    }

    /** The same for the ids of appends. */
    IdWarmup idWarmup() {
        return new IdWarmup(index);
    }

    /** Ends what the writer left; its thread is gone. */
    void close() throws IOException {
        queue.end();
        try {
            if (queue.failure() == null) {
                indexWriter.writeAll();
                journal.syncMark();
            }
        } finally {
            indexWriter.awaitEnd();
            headCache.close();
            index.store().close();
            try {
                journal.close();
            } finally {
                parts.disk().close();
            }
        }
    }
}
