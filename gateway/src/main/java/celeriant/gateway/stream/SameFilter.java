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

    /** For those who are behind; null while nobody is. */
    private Pieces pieces;

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
        subscribers--;
        forgetPieces();
        return subscribers == 0;
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
        forgetPieces();
    }

    private void forgetPieces() {
        if (live.size() == subscribers) {
            pieces = null;
        }
    }

    /** The last one takes the seat that becomes free, so that who goes through them downwards misses nobody. */
    void goOut(Feed.Member member) {
        Feed.Member last = live.removeLast();
        if (last != member) {
            live.set(member.seat(), last);
            last.seat(member.seat());
        }
    }

    /** What follows {@code from}, for those who are live; kept if there are others. */
    Chunk make(long from, List<EncodedAppends> appends) {
        Chunk chunk = Chunk.of(appends, filter, subscribers > 1);
        if (subscribers > 1) {
            madeFrom = from;
            made = chunk;
        }
        return chunk;
    }

    /** The same for one who comes alone; another one at the same place finds it. */
    Chunk makeForOne(long from, List<EncodedAppends> appends) {
        Chunk chunk = Chunk.of(appends, filter, false);
        if (subscribers > 1) {
            pieces = pieces == null ? new Pieces() : pieces;
            pieces.keep(from, chunk, appends.getLast().endsBlock());
        }
        return chunk;
    }

    /** What was made before that follows {@code position} and is a block or reaches {@code to}; else null. */
    Chunk made(long position, long to) {
        if (made != null && madeFrom == position && made.last() >= to) {
            return made;
        }
        return pieces == null ? null : pieces.find(position, to);
    }

    /** How many pieces are kept for those who are behind. */
    int piecesKept() {
        return pieces == null ? 0 : pieces.count();
    }
}
