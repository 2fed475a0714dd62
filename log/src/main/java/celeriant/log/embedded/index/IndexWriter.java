package celeriant.log.embedded.index;

import celeriant.log.Measures;
import celeriant.log.embedded.journal.Covered;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.sequencer.LogRecord;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * Changes the index: durable records go into the current {@link Recent}; once that holds enough, it is frozen and
 * written to the store in the background, as one batch that says how much of the journal it covers. The store is
 * flushed every so many bytes of journal, which bounds what opening has to replay. Called by the writer thread.
 */
public final class IndexWriter {
    private final Index index;
    private final UUID logId;
    private final int freezeRecords;
    private final long flushBytes;
    private final Executor background;
    private final KnownHeads heads;
    private RecentApplier applier;
    private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);
    private volatile long bytesSinceFlush;

    /**
     * @param freezeRecords {@link Recent#entries} after which a recent is written to the store
     * @param flushBytes bytes of journal after which the store is flushed
     * @param heads is told what the records made of the aggregates
     * @param background where the store is written; a test runs it in place
     */
    public IndexWriter(
            Index index, UUID logId, int freezeRecords, long flushBytes, KnownHeads heads, Executor background) {
        this.index = index;
        this.logId = logId;
        this.freezeRecords = freezeRecords;
        this.flushBytes = flushBytes;
        this.heads = heads;
        this.background = background;
        this.applier = new RecentApplier(index, index.recents().current(), heads);
    }

    /** What is changed here. */
    public Index index() {
        return index;
    }

    /** Applies a durable record. */
    public void apply(LogRecord record, RecordBytes bytes) {
        applier.apply(record, bytes);
        bytesSinceFlush += bytes.length();
    }

    /** Starts to write to the store if there is enough; waits only if twice as much has come together. */
    public void writeBehind() {
        requireWritten();
        if (!hasCome(1) || (!writing.isDone() && !hasCome(2))) {
            return;
        }
        await();
        boolean flush = bytesSinceFlush >= flushBytes;
        freezeAndWrite(flush);
        bytesSinceFlush = flush ? 0 : bytesSinceFlush;
    }

    /**
     * What could not be written cannot be tried again: what is kept of heads counts on every batch. The journal has it
     * all.
     *
     * @throws IllegalStateException if the last write has failed
     */
    public void requireWritten() {
        if (writing.isCompletedExceptionally()) {
            await();
        }
    }

    /** Few large records are many bytes to replay, many small ones much memory: either is a reason to write. */
    private boolean hasCome(int times) {
        return index.recents().current().entries() >= times * freezeRecords || bytesSinceFlush >= times * flushBytes;
    }

    /** How far the store is behind; any thread. */
    public void show(Measures into) {
        int records = 0;
        for (Recent recent : index.recents().newestFirst()) {
            records += recent.records();
        }
        into.gauge("index_lag_records", "Records that the index holds in memory alone.", records);
        into.gauge(
                "index_lag_bytes",
                "Bytes of the journal since the index was flushed last: what opening after a crash would replay.",
                bytesSinceFlush);
    }

    /** Writes everything to the store and flushes it. */
    public void writeAll() {
        await();
        if (index.recents().current().records() > 0) {
            freezeAndWrite(false);
            await();
        }
        index.store().flush(true);
        // Else a flush would seem due with nothing to write, and what is written would say that nothing is covered.
        bytesSinceFlush = 0;
    }

    /** Waits until nothing is being written, however it ended. */
    public void awaitEnd() {
        writing.exceptionally(failure -> null).join();
    }

    private void freezeAndWrite(boolean flush) {
        Recent frozen = index.recents().current();
        index.become(new Index.Recents(new Recent(), frozen));
        applier = new RecentApplier(index, index.recents().current(), heads);
        writing = CompletableFuture.runAsync(
                () -> {
                    write(frozen);
                    if (flush) {
                        index.store().flush(false);
                    }
                },
                background);
    }

    /** Waits for what is being written; what it wrote is dropped from memory only then. */
    private void await() {
        try {
            writing.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the index was written", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the index could not be written: " + e.getCause(), e.getCause());
        }
        index.become(new Index.Recents(index.recents().current(), null));
    }

    private void write(Recent recent) {
        try (IndexStore.Batch batch = index.store().batch()) {
            int oldestBucket = index.newestBucket() - 1;
            if (oldestBucket > 0) {
                batch.deleteRange(IndexKeys.appendIdsStart(0), IndexKeys.appendIdsStart(oldestBucket));
            }
            heads.write(recent, batch);
            RecentEntries.of(recent).writeTo(batch);
            Covered covered = new Covered(logId, recent.end(), recent.lastPlace(), recent.lastIdentity());
            batch.put(IndexKeys.covered(), covered.bytes());
            batch.write();
        }
    }
}
