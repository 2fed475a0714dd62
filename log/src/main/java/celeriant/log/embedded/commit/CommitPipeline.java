package celeriant.log.embedded.commit;

import celeriant.log.OutcomeUnknownException;
import celeriant.log.embedded.index.IndexWriter;
import celeriant.log.sequencer.Decision;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.LogView;
import celeriant.log.sequencer.Overlay;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two groups at most: one that is being decided, and one that is on its way to the disk meanwhile, if there is so much
 * to do that it {@link GroupSyncs#pays pays}. What a group decided is applied to the index, told and answered when its
 * own sync has come back and never before; until then the next group sees it through its {@link Overlay} alone.
 *
 * <p>Confined to the writer thread.
 */
public final class CommitPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(CommitPipeline.class);

    /** With so many bytes decided, the disk does not wait for more; smaller groups cost more than they bring. */
    private static final int EAGER_BYTES = 128 << 10;

    private final WriteQueue queue;
    private final GroupWrites writes;
    private final IndexWriter index;
    private final LogView durable;
    private final GroupCommit.Announcements announcements;
    private final Meters meters;
    private final int groupBytesMax;

    private Group deciding;
    private Group spare;
    private Group underWay;
    private Group settling;
    private Overlay overlay;
    private Overlay overlayUnderWay;
    /** Payload that came while the latest group was synced: about so much will come during the next sync. */
    private long expectedBytes;

    /** @param durable what the index makes of the records that it was given */
    public CommitPipeline(
            WriteQueue queue,
            GroupWrites writes,
            IndexWriter index,
            LogView durable,
            GroupCommit.Announcements announcements,
            Meters meters,
            int groupBytesMax) {
        this.queue = queue;
        this.writes = writes;
        this.index = index;
        this.durable = durable;
        this.announcements = announcements;
        this.meters = meters;
        this.groupBytesMax = groupBytesMax;
        this.deciding = new Group(index.index());
        this.spare = new Group(index.index());
        this.overlay = new Overlay(durable);
    }

    /** What the next write is decided on. */
    Overlay overlay() {
        return overlay;
    }

    /** Whether everything that was decided is settled. */
    boolean isIdle() {
        return underWay == null && isUnused(deciding);
    }

    private static boolean isUnused(Group group) {
        return group.isEmpty() && group.answers().isEmpty();
    }

    /** There is nothing to do: looks whether what goes on behind has failed. */
    void idle() {
        index.requireWritten();
    }

    /** Whether the group takes more. */
    boolean hasRoom() {
        return deciding.bytes() < groupBytesMax;
    }

    /** Adds the next record that was decided; settles what was decided before if the segment is full. */
    void add(LogRecord record, long nowMillis) throws IOException {
        int length = deciding.add(record, writes.end());
        if (deciding.bytes() <= writes.room()) {
            return;
        }
        deciding.removeLast();
        settleAll();
        if (length > writes.room()) {
            writes.roll(nowMillis, length);
        }
        deciding.add(record, writes.end());
    }

    <T> void answer(PendingWrite<T> write, Decision<T> decision) {
        deciding.answer(write, decision);
    }

    /** Between two decisions: lets neither the disk nor those whose sync has come back wait for the rest. */
    void look() throws IOException {
        if (!writes.isDone()) {
            return;
        }
        if (deciding.bytes() >= EAGER_BYTES && writes.pays(queue.bytes())) {
            turnOver();
        } else {
            settle(takeUnderWay());
        }
    }

    /** There is nothing more to decide, or the group is full: waits for the disk, and gives it the group. */
    void advance() throws IOException {
        if (underWay != null && hasRoom()) {
            writes.awaitOr(queue);
            if (!writes.isDone()) {
                return;
            }
        }
        turnOver();
    }

    private void turnOver() throws IOException {
        Group done = takeUnderWay();
        if (!deciding.isEmpty() && writes.pays(Math.max(expectedBytes, queue.bytes()))) {
            begin();
            settle(done);
            return;
        }
        settle(done);
        settleDeciding();
        overlay = new Overlay(durable);
    }

    /** Settles all that was decided; the overlay stays, for a decision may be half way through it. */
    void settleAll() throws IOException {
        settle(takeUnderWay());
        settleDeciding();
    }

    /** Forgets what was decided and not recorded. */
    void startAnew() {
        overlay = new Overlay(durable);
    }

    private Group takeUnderWay() throws IOException {
        if (underWay != null) {
            writes.awaitEnd();
            expectedBytes = deciding.payloadBytes() + queue.bytes();
        }
        settling = underWay;
        underWay = null;
        return settling;
    }

    private void begin() {
        underWay = deciding;
        overlayUnderWay = overlay;
        overlay = overlay.next();
        deciding = another();
        deciding.follow(underWay);
        writes.begin(underWay);
    }

    /** Writes the group that is being decided, here and now. */
    private void settleDeciding() throws IOException {
        if (isUnused(deciding)) {
            return;
        }
        if (!deciding.isEmpty()) {
            writes.write(deciding);
            expectedBytes = queue.bytes();
        }
        Group done = deciding;
        settling = done;
        deciding = another();
        settle(done);
    }

    private Group another() {
        Group empty = spare == null ? deciding.another() : spare;
        spare = null;
        return empty;
    }

    /** What a group decided is durable: applies it, then lets everybody know. */
    private void settle(Group done) {
        if (done == null) {
            return;
        }
        if (!done.isEmpty()) {
            meters.synced(done.tookNanos(), done.bytes());
            done.forEach(index::apply);
        }
        if (underWay == null) {
            overlay.standOn(durable);
            deciding.follow(null);
        } else {
            overlayUnderWay.standOn(durable);
            underWay.follow(null);
        }
        announcements.announce(List.copyOf(done.records()), durable);
        giveAnswers(done.answers());
        done.clear();
        settling = null;
        spare = done;
        index.writeBehind();
    }

    private void giveAnswers(List<Group.Answer<?>> answers) {
        if (answers.isEmpty()) {
            return;
        }
        meters.settled(answers.size());
        long now = meters.now();
        for (Group.Answer<?> answer : answers) {
            meters.answered(answer.write().offeredNanos(), now);
            give(answer);
        }
    }

    private static void give(Group.Answer<?> answer) {
        try {
            answer.give();
        } catch (RuntimeException | Error e) {
            LOG.error("what waited for an answer failed on it", e);
        }
    }

    /** Nothing that was decided and not answered will be: it may be durable or not. */
    void fail(OutcomeUnknownException unknown) {
        try {
            writes.awaitEnd();
        } catch (IOException | RuntimeException | Error e) {
            LOG.debug("the group that was on its way failed, too", e);
        }
        for (Group group : new Group[] {settling, underWay, deciding}) {
            if (group != null) {
                group.answers().forEach(answer -> answer.fail(unknown));
                group.clear();
            }
        }
        settling = null;
        underWay = null;
        overlay = new Overlay(durable);
    }
}
