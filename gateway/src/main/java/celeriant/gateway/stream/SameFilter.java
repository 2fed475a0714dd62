package celeriant.gateway.stream;

import celeriant.gateway.read.EventFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * The subscribers of one event loop that ask for the same: what is made for one of them goes to all. Those who are live
 * have had all there is, and take more; nobody else is told of what comes. Confined to the loop.
 */
final class SameFilter {
    private final EventFilter filter;
    private final List<Feed.Member> live = new ArrayList<>();
    private int subscribers;
    private long madeFrom;
    private Chunk made;

    SameFilter(EventFilter filter) {
        this.filter = filter;
    }

    EventFilter filter() {
        return filter;
    }

    void join() {
        subscribers++;
    }

    /** Whether that was the last one. */
    boolean leave() {
        return --subscribers == 0;
    }

    int liveCount() {
        return live.size();
    }

    Feed.Member live(int seat) {
        return live.get(seat);
    }

    void enter(Feed.Member member) {
        member.seat(live.size());
        live.add(member);
    }

    /** The last one takes the seat that becomes free, so that who goes through them downwards misses nobody. */
    void goOut(Feed.Member member) {
        Feed.Member last = live.removeLast();
        if (last != member) {
            live.set(member.seat(), last);
            last.seat(member.seat());
        }
    }

    /** What follows {@code from}, made of {@code appends} unless it was made already, and kept if there are others. */
    Chunk make(long from, List<EncodedAppends> appends) {
        return kept(from, Chunk.of(appends, filter, subscribers > 1));
    }

    /** The same for one who comes alone; another one at the same place finds it. */
    Chunk makeForOne(long from, List<EncodedAppends> appends) {
        return kept(from, Chunk.of(appends, filter, false));
    }

    private Chunk kept(long from, Chunk chunk) {
        if (subscribers > 1) {
            madeFrom = from;
            made = chunk;
        }
        return chunk;
    }

    /** What was made last, for many from now on, if it follows {@code position}; else null. */
    Chunk made(long position) {
        if (made == null || madeFrom != position) {
            return null;
        }
        made = made.forMany();
        return made;
    }
}
