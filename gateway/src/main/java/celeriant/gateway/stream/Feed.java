package celeriant.gateway.stream;

import celeriant.gateway.access.AccessNames;
import celeriant.gateway.http.Loop;
import celeriant.gateway.presence.Presences;
import celeriant.log.LogHead;
import celeriant.model.RecordedEvent;
import java.util.List;

/**
 * One org's live events and those who wait for them. The writer's thread adds and nudges: at most one task is pending
 * for each event loop, however many appends and members there are. Members belong to their loop.
 */
final class Feed {
    /** One coalesced write to a subscriber is about this large at most. */
    static final int CHUNK_BYTES = 32 * 1024;

    private final RecentEvents recent;
    private final LoopFeed[] parts;
    private final Turns turns;
    private volatile long membersChangedAt;
    private volatile LogHead latest;

    /** Somebody who waits for events; on its event loop. */
    interface Member {
        /**
         * What comes next, to one that is live: everything up to {@code from} that it asked for it has had.
         *
         * @param chunk what follows; null: it has to look for itself
         */
        void next(long from, Chunk chunk);

        /** A presence in the org changed. */
        void presenceChanged(Presences.Key key);

        /** Its place among those who are live, as it was told last. */
        int seat();

        void seat(int newSeat);
    }

    /** @param roundsAtOnce how many loops tell many members of something at the same time */
    Feed(List<Loop> loops, long recentBytesMax, int roundsAtOnce) {
        turns = new Turns(roundsAtOnce);
        recent = new RecentEvents(recentBytesMax);
        parts = new LoopFeed[loops.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new LoopFeed(this, loops.get(i));
        }
    }

    /** On the writer's thread. */
    void appended(List<RecordedEvent> events, LogHead head) {
        try {
            for (RecordedEvent recorded : events) {
                if (recorded.event().aggregate().equals(AccessNames.MEMBERS)) {
                    membersChangedAt = recorded.position();
                }
            }
            recent.add(events, head);
        } catch (RuntimeException | Error e) {
            // The log goes on: whoever waits for this looks for it there.
            recent.startAnew(head);
            throw e;
        } finally {
            for (LoopFeed part : parts) {
                part.nudge();
            }
        }
    }

    /** Any thread. */
    void presenceChanged(Presences.Key key) {
        for (LoopFeed part : parts) {
            part.presenceChanged(key);
        }
    }

    /** What {@code loop} has of it. */
    LoopFeed on(Loop loop) {
        return parts[loop.index()];
    }

    /** Of the loops, for rounds that take long. */
    Turns turns() {
        return turns;
    }

    /** Where the log ends as far as was heard here; null before the first append. */
    LogHead head() {
        return recent.head();
    }

    /** {@code head}, as the one object that all keep who are told of the same end. Any thread. */
    LogHead shared(LogHead head) {
        LogHead known = latest;
        if (head.equals(known)) {
            return known;
        }
        latest = head;
        return head;
    }

    /** Where the org's members changed last, as far as was heard here. */
    long membersChangedAt() {
        return membersChangedAt;
    }

    /** What follows {@code position}, up to about {@link #CHUNK_BYTES}; empty if that is not (or no longer) here. */
    List<EncodedAppends> after(long position) {
        return recent.after(position, CHUNK_BYTES);
    }
}
