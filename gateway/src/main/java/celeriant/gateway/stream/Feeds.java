package celeriant.gateway.stream;

import celeriant.gateway.http.Loop;
import celeriant.gateway.presence.Presences;
import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.model.RecordedEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The feeds of all orgs that somebody follows. Hears of every append on the writer's thread; an org without followers
 * costs one look-up there.
 */
public final class Feeds implements EventLog.Tail, Presences.Listener, AutoCloseable {
    private final List<Loop> loops;
    private final long recentBytesMax;
    private final int roundsAtOnce;
    private final Map<String, Shared> feeds = new ConcurrentHashMap<>();
    private final EventLog.Registration registration;

    private record Shared(Feed feed, AtomicInteger users) {}

    /**
     * @param recentBytesMax what one org's recent events may take
     * @param roundsAtOnce how many loops tell many of an org's readers of something at the same time
     */
    public Feeds(EventLog log, List<Loop> loops, long recentBytesMax, int roundsAtOnce) {
        this.loops = List.copyOf(loops);
        this.recentBytesMax = recentBytesMax;
        this.roundsAtOnce = roundsAtOnce;
        this.registration = log.follow(this);
    }

    @Override
    public void appended(String org, List<RecordedEvent> events, LogHead head) {
        Shared shared = feeds.get(org);
        if (shared != null) {
            shared.feed().appended(events, head);
        }
    }

    @Override
    public void changed(String org, Presences.Key key) {
        Shared shared = feeds.get(org);
        if (shared != null) {
            shared.feed().presenceChanged(key);
        }
    }

    /**
     * The feed of {@code org}, kept until it is {@link #release released} as often. Every append that is recorded from
     * now on is in it. Any thread.
     */
    Feed acquire(String org) {
        return feeds.compute(org, (name, known) -> {
                    Shared shared = known == null
                            ? new Shared(new Feed(loops, recentBytesMax, roundsAtOnce), new AtomicInteger())
                            : known;
                    shared.users().incrementAndGet();
                    return shared;
                })
                .feed();
    }

    void release(String org) {
        feeds.compute(org, (name, known) -> known == null || known.users().decrementAndGet() == 0 ? null : known);
    }

    /** Stops hearing of appends. */
    @Override
    public void close() {
        registration.close();
    }
}
