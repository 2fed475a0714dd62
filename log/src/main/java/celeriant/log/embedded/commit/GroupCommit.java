package celeriant.log.embedded.commit;

import celeriant.log.OutcomeUnknownException;
import celeriant.log.StorageFailedException;
import celeriant.log.embedded.disk.DiskStall;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.IndexWriter;
import celeriant.log.embedded.index.KnownHeads;
import celeriant.log.embedded.journal.Journal;
import celeriant.log.embedded.reads.IndexedView;
import celeriant.log.sequencer.Decision;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.LogView;
import celeriant.log.sequencer.Overlay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer: takes all that waits, decides it in order, writes the records with one write and one sync, and only then
 * applies them to the index, tells the tails, and answers. A write or sync that fails is final: the page cache may
 * claim afterwards that all is well, so nothing is written to these files any more until a restart has read them back.
 *
 * <p>Confined to the writer thread, which {@link GroupCommitRunner} owns.
 */
public final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** Without a write for so long, the mark of what is durable is synced, which costs nobody anything then. */
    private static final long IDLE_MILLIS = 1_000;

    private record Answer<T>(PendingWrite<T> write, Decision<T> decision) {
        void give() {
            if (decision.failure() != null) {
                write.answer().completeExceptionally(decision.failure());
            } else {
                write.answer().complete(decision.answer());
            }
        }
    }

    private final WriteQueue queue;
    private final Journal journal;
    private final IndexWriter index;
    private final LogView durable;
    private final Announcements announcements;
    private final InstantSource clock;
    private final DiskWatch diskWatch;
    private final DiskStall diskStall;
    private final int groupBytesMax;
    private final Group group;
    private final Meters meters;
    private long wroteAtMillis;
    private final List<Answer<?>> answers = new ArrayList<>();
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();

    public GroupCommit(
            WriteQueue queue,
            Journal journal,
            Index index,
            IndexWriter indexWriter,
            KnownHeads heads,
            Announcements announcements,
            InstantSource clock,
            DiskWatch diskWatch,
            DiskStall diskStall,
            int groupBytesMax,
            Meters meters) {
        this.queue = queue;
        this.journal = journal;
        this.index = indexWriter;
        this.durable = new IndexedView(index, journal, heads::entry);
        this.announcements = announcements;
        this.clock = clock;
        this.diskWatch = diskWatch;
        this.diskStall = diskStall;
        this.groupBytesMax = groupBytesMax;
        this.group = new Group(index);
        this.meters = meters;
    }

    /**
     * Settles one group of writes.
     *
     * @param waitNanos how long to wait for the first one
     * @return whether there was one
     */
    public boolean step(long waitNanos) throws InterruptedException {
        diskWatch.step(clock.millis());
        runErrands();
        PendingWrite<?> write = queue.poll(waitNanos);
        if (write == null) {
            syncMarkWhenIdle();
            return false;
        }
        wroteAtMillis = clock.millis();
        try {
            Overlay overlay = new Overlay(durable);
            while (write != null) {
                overlay = decide(write, overlay);
                write = group.bytes() < groupBytesMax ? queue.poll(0) : null;
            }
            commit();
            index.writeBehind();
        } catch (IOException | RuntimeException e) {
            fail(write, e);
        } catch (Error e) {
            fail(write, e);
            throw e;
        }
        return true;
    }

    private void syncMarkWhenIdle() {
        if (clock.millis() - wroteAtMillis < IDLE_MILLIS || hasFailed()) {
            return;
        }
        try {
            diskStall.during(() -> {
                journal.syncMark();
                return null;
            });
        } catch (IOException e) {
            fail(null, e);
        }
    }

    /**
     * Has something done by the writer thread between two groups, when all that is durable is applied. An
     * {@link IOException} in it is a failure of the storage. May be called by any thread.
     */
    public <T> CompletableFuture<T> betweenGroups(Errand<T> errand) {
        CompletableFuture<T> done = new CompletableFuture<>();
        errands.add(() -> run(errand, done));
        return done;
    }

    /** Whether the storage failed; for any thread. */
    public boolean hasFailed() {
        return queue.failure() != null;
    }

    private void runErrands() {
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
    }

    private <T> void run(Errand<T> errand, CompletableFuture<T> done) {
        if (queue.failure() != null) {
            done.completeExceptionally(new StorageFailedException(queue.failure()));
            return;
        }
        try {
            done.complete(diskStall.during(errand::run));
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
            fail(null, e);
        }
    }

    private <T> Overlay decide(PendingWrite<T> write, Overlay overlay) throws IOException {
        Decision<T> decision;
        try {
            decision = write.decider().decide(overlay, clock.millis());
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("a write could not be decided", e);
            commit();
            write.answer().completeExceptionally(e);
            return new Overlay(durable);
        }
        if (decision.failure() != null && decision.failure().getCause() instanceof UncheckedIOException e) {
            throw e;
        }
        for (LogRecord record : decision.records()) {
            add(record);
        }
        answers.add(new Answer<>(write, decision));
        return overlay;
    }

    private void add(LogRecord record) throws IOException {
        int length = group.add(record, journal.end());
        if (group.bytes() <= journal.room()) {
            return;
        }
        group.removeLast();
        commit();
        if (length > journal.room()) {
            diskStall.during(() -> {
                journal.roll(clock.millis(), length);
                return null;
            });
        }
        group.add(record, journal.end());
    }

    /** Makes the group durable, then lets everybody know. */
    private void commit() throws IOException {
        if (!group.isEmpty()) {
            long start = journal.end();
            long since = meters.now();
            diskStall.during(() -> {
                journal.write(group.view());
                return null;
            });
            meters.synced(since, group.bytes());
            group.forEach(start, index::apply);
        }
        announcements.announce(group.takeRecords(), durable);
        if (!answers.isEmpty()) {
            giveAnswers();
        }
    }

    private void giveAnswers() {
        meters.settled(answers.size());
        long now = meters.now();
        for (Answer<?> answer : answers) {
            meters.answered(answer.write().offeredNanos(), now);
            give(answer);
        }
        answers.clear();
    }

    private static void give(Answer<?> answer) {
        try {
            answer.give();
        } catch (RuntimeException e) {
            LOG.error("what waited for an answer failed on it", e);
        }
    }

    private void fail(PendingWrite<?> current, Throwable cause) {
        String why = "the log's storage failed: " + cause + "; restart once the disk is good";
        LOG.error("{}", why, cause);
        queue.fail(why);
        OutcomeUnknownException unknown =
                new OutcomeUnknownException("the storage failed while this was written: send the same again", cause);
        for (Answer<?> answer : answers) {
            answer.write().answer().completeExceptionally(unknown);
        }
        answers.clear();
        group.takeRecords();
        if (current != null) {
            current.answer().completeExceptionally(unknown);
        }
    }

    /** Something to be done between two groups. */
    public interface Errand<T> {
        T run() throws IOException;
    }

    /** How the appends of a group become known. */
    public interface Announcements {
        void announce(List<LogRecord> records, LogView durable);
    }
}
