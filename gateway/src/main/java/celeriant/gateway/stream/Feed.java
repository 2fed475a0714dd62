package celeriant.gateway.stream;

import celeriant.gateway.access.AccessNames;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.Loop;
import celeriant.gateway.presence.Presences;
import celeriant.gateway.read.EventFilter;
import celeriant.log.LogHead;
import celeriant.model.RecordedEvent;
import celeriant.wire.JsonBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One org's live events and those who wait for them. The writer's thread adds and nudges: at most one task is pending
 * for each event loop, however many appends and members there are. Members belong to their loop.
 */
final class Feed {
    /** One coalesced write to a subscriber is about this large at most. */
    static final int CHUNK_BYTES = 32 * 1024;

    private static final int SLICE_MEMBERS = 256;

    private final RecentEvents recent;
    private final Part[] parts;
    private volatile long membersChangedAt;

    /** Somebody who is told that there may be more; on its event loop. */
    interface Member {
        void nudged();

        /** A presence in the org changed. */
        void presenceChanged(Presences.Key key);
    }

    /**
     * What to write to a subscriber.
     *
     * @param last the position that it covers
     * @param frame null if nothing of it is visible
     * @param appends what it was made from
     */
    record Chunk(long last, Frame frame, List<EncodedAppends> appends) {}

    Feed(List<Loop> loops, long recentBytesMax) {
        recent = new RecentEvents(recentBytesMax);
        parts = new Part[loops.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new Part(loops.get(i));
        }
    }

    /** On the writer's thread. */
    void appended(List<RecordedEvent> events, LogHead head) {
        for (RecordedEvent recorded : events) {
            if (recorded.event().aggregate().equals(AccessNames.MEMBERS)) {
                membersChangedAt = recorded.position();
            }
        }
        recent.add(events, head);
        for (Part part : parts) {
            part.nudge();
        }
    }

    /** Any thread. */
    void presenceChanged(Presences.Key key) {
        for (Part part : parts) {
            part.presenceChanged(key);
        }
    }

    /** Those on {@code loop} who ask for the same as {@code filter}, one more now. */
    SameFilter join(Loop loop, EventFilter filter) {
        SameFilter same = parts[loop.index()].filters.computeIfAbsent(filter, SameFilter::new);
        same.join();
        return same;
    }

    /** One of them less. */
    void leave(Loop loop, SameFilter same) {
        if (same.leave()) {
            parts[loop.index()].filters.remove(same.filter());
        }
    }

    void enter(Loop loop, Member member) {
        parts[loop.index()].members.add(member);
        parts[loop.index()].count = parts[loop.index()].members.size();
    }

    void leave(Loop loop, Member member) {
        parts[loop.index()].members.remove(member);
        parts[loop.index()].count = parts[loop.index()].members.size();
    }

    /** Where the log ends as far as was heard here; null before the first append. */
    LogHead head() {
        return recent.head();
    }

    /** Where the org's members changed last, as far as was heard here. */
    long membersChangedAt() {
        return membersChangedAt;
    }

    /** What follows {@code position} for those who ask for {@code same}; null if the ring does not have it. */
    Chunk after(long position, SameFilter same) {
        Chunk made = same.made(position);
        if (made != null) {
            return made;
        }
        List<EncodedAppends> appends = recent.after(position, CHUNK_BYTES);
        if (appends.isEmpty()) {
            return null;
        }
        Chunk chunk = chunk(appends, same.filter());
        same.make(position, chunk);
        return chunk;
    }

    private static Chunk chunk(List<EncodedAppends> appends, EventFilter filter) {
        long last = appends.get(appends.size() - 1).last();
        JsonBytes out = new JsonBytes(CHUNK_BYTES / 4);
        SseText.beginEvents(last, out);
        int empty = out.length();
        appends.forEach(append -> append.write(filter, out));
        if (out.length() == empty) {
            return new Chunk(last, null, appends);
        }
        SseText.endEvents(out);
        return new Chunk(last, Frame.of(out.toByteArray()), appends);
    }

    /** What one event loop has of it. Confined to the loop, but for {@link #nudge}. */
    private final class Part {
        private final Loop loop;
        private final Set<Member> members = new LinkedHashSet<>();
        private final AtomicBoolean nudged = new AtomicBoolean();
        private volatile int count;
        private final Map<EventFilter, SameFilter> filters = new HashMap<>();

        Part(Loop loop) {
            this.loop = loop;
        }

        void nudge() {
            if (count > 0 && nudged.compareAndSet(false, true)) {
                loop.run(() -> {
                    nudged.set(false);
                    tell(new ArrayList<>(members), 0);
                });
            }
        }

        void presenceChanged(Presences.Key key) {
            if (count > 0) {
                loop.run(() -> new ArrayList<>(members).forEach(member -> member.presenceChanged(key)));
            }
        }

        /** In slices, so that what else the loop has to do is not starved by a large fan-out. */
        private void tell(List<Member> all, int from) {
            int to = Math.min(all.size(), from + SLICE_MEMBERS);
            for (int i = from; i < to; i++) {
                all.get(i).nudged();
            }
            if (to < all.size()) {
                loop.later(() -> tell(all, to));
            }
        }
    }
}
