package celeriant.gateway.stream;

import celeriant.gateway.http.Loop;
import celeriant.gateway.http.Slices;
import celeriant.gateway.presence.Presences;
import celeriant.gateway.read.EventFilter;
import celeriant.log.LogHead;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one event loop has of a feed: all its members, and by what they ask for those who are live. It has a position of
 * its own: up to there every live member has had what it asked for, so that an append costs nothing for those who did
 * not ask for it, and for those whose connection takes no more. Confined to the loop, but for what says otherwise.
 */
final class LoopFeed {
    /** Members that are told before the loop reads and writes again: well below a millisecond. */
    private static final int SLICE_MEMBERS = 128;

    /** More are told in turn with the other loops: the writes to them take this one's processor for milliseconds. */
    static final int MEMBERS_OUT_OF_TURN = 1024;

    private final Feed feed;
    private final Loop loop;
    private final Set<Feed.Member> members = new LinkedHashSet<>();
    private final FilterIndex filters = new FilterIndex();
    private final AtomicBoolean nudged = new AtomicBoolean();
    private volatile int count;
    private int live;
    private long position;
    private long membersSeenAt;
    private boolean telling;
    private boolean hasTurn;

    /** What is on its way to the live members, if anything is. */
    private Round round;

    LoopFeed(Feed feed, Loop loop) {
        this.feed = feed;
        this.loop = loop;
    }

    /** Any thread. */
    void nudge() {
        if (count > 0 && nudged.compareAndSet(false, true)) {
            loop.run(() -> {
                nudged.set(false);
                if (!telling) {
                    tell();
                }
            });
        }
    }

    /** Any thread. */
    void presenceChanged(Presences.Key key) {
        if (count > 0) {
            loop.run(() -> Slices.of(loop, new ArrayList<>(members), member -> member.presenceChanged(key)));
        }
    }

    /** Takes {@code member} in, and tells where those are that ask for the same as {@code filter}. */
    SameFilter join(Feed.Member member, EventFilter filter) {
        members.add(member);
        count = members.size();
        return filters.join(filter);
    }

    /** It is not live any more. */
    void leave(Feed.Member member, SameFilter same) {
        members.remove(member);
        count = members.size();
        filters.leave(same);
    }

    /** {@code member} has had everything up to {@code at}, where the log ends, and takes what comes. */
    void goLive(Feed.Member member, SameFilter same, long at) {
        if (live == 0 && !telling) {
            position = Math.max(position, at);
        }
        live++;
        same.enter(member);
    }

    void leaveLive(Feed.Member member, SameFilter same) {
        live--;
        same.goOut(member);
    }

    /** Up to where every live member has had what it asked for. */
    long position() {
        return position;
    }

    /**
     * Where the live members will be when what is on its way has reached them all. Who catches up goes live there: one
     * that runs ahead has to be told apart from the others, again and again while the log grows.
     */
    long settled() {
        return round == null ? position : round.last;
    }

    /**
     * What follows {@code after} for those who ask for {@code same}, up to {@link #settled} if that is ahead; null if
     * the ring does not have it.
     */
    Chunk after(long after, SameFilter same) {
        Chunk made = same.made(after, settled());
        if (made != null) {
            return made;
        }
        List<EncodedAppends> appends = feed.after(after);
        if (after < settled()) {
            appends.removeIf(each -> each.last() > settled());
        }
        return appends.isEmpty() ? null : same.makeForOne(after, appends);
    }

    private void tell() {
        LogHead head = feed.head();
        telling = head != null && head.position() > position;
        if (!telling) {
            return;
        }
        if (live == 0) {
            position = head.position();
            telling = false;
            return;
        }
        if (live <= MEMBERS_OUT_OF_TURN) {
            tellAll();
            return;
        }
        feed.turns().take(loop, () -> {
            hasTurn = true;
            orGiveTurnBack(this::tellAll);
        });
    }

    /** The other loops go on, whatever fails here. */
    private void orGiveTurnBack(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            giveTurnBack();
            throw e;
        }
    }

    private void giveTurnBack() {
        if (hasTurn) {
            hasTurn = false;
            feed.turns().giveBack();
        }
    }

    private void tellAll() {
        LogHead head = feed.head();
        List<EncodedAppends> appends = feed.after(position);
        long membersChangedAt = feed.membersChangedAt();
        boolean forItself = appends.isEmpty() || membersChangedAt != membersSeenAt;
        membersSeenAt = membersChangedAt;
        round = new Round(
                forItself,
                appends,
                forItself ? head.position() : appends.getLast().last());
        round.slice();
    }

    /** One chunk on its way to all who asked for something in it, in slices. */
    private final class Round {
        private final boolean forItself;
        private final List<EncodedAppends> appends;
        private final long from = position;
        private final long last;
        private final List<SameFilter> touched;
        private int at;
        private int seat;
        private Chunk chunk;

        /** {@code forItself}: everybody is told to look for itself. */
        Round(boolean forItself, List<EncodedAppends> appends, long last) {
            this.forItself = forItself;
            this.appends = appends;
            this.last = last;
            this.touched = new ArrayList<>(forItself ? filters.all() : filters.touched(appends));
            begin();
        }

        private void begin() {
            if (at == touched.size()) {
                return;
            }
            seat = touched.get(at).liveCount();
            chunk = seat == 0 || forItself ? null : touched.get(at).make(from, appends);
            if (chunk != null && chunk.relevant().isEmpty()) {
                seat = 0;
            }
        }

        void slice() {
            for (int told = 0; told < SLICE_MEMBERS && at < touched.size(); told++) {
                SameFilter same = touched.get(at);
                seat = Math.min(seat, same.liveCount()) - 1;
                if (seat >= 0) {
                    same.live(seat).next(from, chunk);
                } else {
                    at++;
                    begin();
                }
            }
            if (at < touched.size()) {
                loop.later(() -> orGiveTurnBack(this::slice));
                return;
            }
            position = last;
            round = null;
            giveTurnBack();
            telling = feed.head().position() > last;
            if (telling) {
                loop.later(LoopFeed.this::tell);
            }
        }
    }
}
