package celeriant.gateway.stream;

import celeriant.gateway.http.Loop;
import celeriant.gateway.presence.Presences;
import celeriant.gateway.read.EventFilter;
import celeriant.log.LogHead;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A feed on one loop that is driven by hand. Confined to its test. */
final class FeedWorld {
    static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    static final AggregateId OTHER = new AggregateId("canvas", "board-2");

    final EmbeddedChannel channel = new EmbeddedChannel();
    final Loop loop = new Loop(channel.eventLoop(), 0);
    final Feed feed;
    private long head;

    FeedWorld(long recentBytesMax) {
        channel.freezeTime();
        feed = new Feed(List.of(loop), recentBytesMax, 1);
    }

    static EventFilter on(AggregateId aggregate) {
        return new EventFilter(Set.of(aggregate), Set.of(), Set.of());
    }

    LoopFeed part() {
        return feed.on(loop);
    }

    /** Appends an event, which nobody is told of before {@link #run}. */
    void append(AggregateId aggregate) {
        feed.appended(List.of(next(aggregate)), new LogHead(head, "log", "hash"));
    }

    /** The same for one whose events are too much for the memory that is left. */
    void appendWithoutRoom() {
        RecordedEvent recorded = next(BOARD);
        feed.appended(
                new AbstractList<>() {
                    @Override
                    public RecordedEvent get(int index) {
                        return recorded;
                    }

                    @Override
                    public List<RecordedEvent> subList(int from, int to) {
                        throw new OutOfMemoryError("simulated");
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                },
                new LogHead(head, "log", "hash"));
    }

    private RecordedEvent next(AggregateId aggregate) {
        head++;
        UUID id = new UUID(0, head);
        Event event = Event.of(aggregate, "drawn", EventData.json(new byte[] {'1'}));
        return new RecordedEvent(event.withId(id), head, head, new ClientId("svc.a"), id, head, 1L);
    }

    long head() {
        return head;
    }

    void run() {
        do {
            channel.runPendingTasks();
        } while (channel.runScheduledPendingTasks() >= 0);
    }

    /** One that takes what it is told, and notes it. */
    final class Taker implements Feed.Member {
        final List<Long> had = new ArrayList<>();
        final SameFilter same;
        long position = head;
        int told;
        int lookedForItself;
        Runnable whenTold = () -> {};
        private int seat;
        private boolean live;

        Taker(EventFilter filter) {
            same = part().join(this, filter);
            goLive();
        }

        void goLive() {
            live = true;
            part().goLive(this, same, position);
        }

        void leaveLive() {
            live = false;
            part().leaveLive(this, same);
        }

        boolean isLive() {
            return live;
        }

        @Override
        public void next(long from, Chunk chunk) {
            told++;
            if (chunk == null) {
                lookedForItself++;
                position = feed.head().position();
            } else {
                chunk.relevant().stream()
                        .map(RecordedEvent::position)
                        .filter(each -> each > position)
                        .forEach(had::add);
                position = Math.max(position, chunk.last());
            }
            whenTold.run();
        }

        @Override
        public void presenceChanged(Presences.Key key) {
            told++;
        }

        @Override
        public int seat() {
            return seat;
        }

        @Override
        public void seat(int newSeat) {
            seat = newSeat;
        }
    }
}
