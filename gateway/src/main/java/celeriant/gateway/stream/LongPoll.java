package celeriant.gateway.stream;

import celeriant.gateway.access.AccessService;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.Query;
import celeriant.gateway.presence.Presences;
import celeriant.gateway.read.Divergence;
import celeriant.gateway.read.EventFilter;
import celeriant.gateway.read.MergedEvents;
import celeriant.gateway.read.MergedQuery;
import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.model.Limits;

/**
 * {@code GET /v1/{org}/events?live=poll&wait=25}: a page that waits for its first event, for networks where streams do
 * not pass. Reads again on a worker whenever the org's log has grown. It ends when the reader's key is withdrawn, or
 * its role is another one.
 */
public final class LongPoll {
    static final long WAIT_SECONDS = 25;
    static final long WAIT_SECONDS_MAX = 60;

    private final EventLog log;
    private final Limits limits;
    private final Live live;
    private final MergedEvents pages;
    private final AccessService access;

    public LongPoll(EventLog log, AccessService access, Limits limits, Live live, MergedEvents pages) {
        this.log = log;
        this.access = access;
        this.limits = limits;
        this.live = live;
        this.pages = pages;
    }

    /** Whether the request asks for it; refuses a {@code live} that is something else. */
    public static boolean isAskedFor(Query query) {
        String live = query.text("live");
        if (live != null && !live.equals("poll")) {
            throw Query.bad("live", "live is poll; for a stream send Accept: text/event-stream.");
        }
        return live != null;
    }

    public void handle(Exchange exchange) {
        MergedQuery query = MergedQuery.of(exchange.query(), limits);
        long seconds = Math.min(exchange.query().integer("wait", 0, WAIT_SECONDS), WAIT_SECONDS_MAX);
        LoopStreams open = live.streams().get(exchange.loop().index());
        Runnable ended = live.callers().stream(exchange.org(), exchange.principal());
        Feed feed = live.feeds().acquire(exchange.org());
        Waiting waiting = new Waiting(exchange, feed, open, query, open.now() + seconds * 1_000, ended);
        open.add(waiting);
        waiting.start();
    }

    /** One poll that waits. Confined to its event loop. */
    private final class Waiting implements Feed.Member, LoopStreams.Open {
        private final Exchange exchange;
        private final Feed feed;
        private final LoopFeed own;
        private final SameFilter same;
        private final LoopStreams open;
        private final long untilMillis;
        private final Runnable ended;
        private MergedQuery query;
        private MergedEvents.Page latest;
        /** Whether the reader was an admin when {@link #latest} was read, and which change of members that covers. */
        private boolean admin;

        private long membersSeenAt;
        private boolean reading;
        private boolean again;
        private boolean over;
        private int seat;

        Waiting(Exchange exchange, Feed feed, LoopStreams open, MergedQuery query, long untilMillis, Runnable ended) {
            this.exchange = exchange;
            this.feed = feed;
            this.own = feed.on(exchange.loop());
            this.same = own.join(this, EventFilter.of(query));
            this.open = open;
            this.query = query;
            this.untilMillis = untilMillis;
            this.ended = ended;
        }

        /** Whatever comes after this is told. */
        void start() {
            LogHead heard = feed.head();
            own.goLive(this, same, heard == null ? 0 : heard.position());
            read();
        }

        private void read() {
            reading = true;
            again = false;
            MergedQuery asked = query;
            long changedAt = feed.membersChangedAt();
            try {
                exchange.onWorker(() -> {
                    try {
                        Divergence.require(log, exchange.org(), asked);
                        boolean isAdmin = access.isAdmin(exchange.org(), exchange.principal());
                        MergedEvents.Page page = pages.page(exchange.org(), exchange.principal(), asked);
                        exchange.loop().run(() -> taken(page, isAdmin, changedAt));
                    } catch (RuntimeException e) {
                        exchange.loop().run(() -> failed(e));
                    }
                });
            } catch (RuntimeException e) {
                failed(e);
            }
        }

        private void taken(MergedEvents.Page page, boolean isAdmin, long changedAt) {
            reading = false;
            if (over) {
                return;
            }
            boolean hasAnotherRole = latest != null && admin != isAdmin;
            latest = page;
            admin = isAdmin;
            membersSeenAt = changedAt;
            query = query.from(page.visible().covered());
            if (!page.isEmpty() || hasAnotherRole || open.now() >= untilMillis) {
                end();
            } else if (again) {
                read();
            }
        }

        private void failed(RuntimeException fault) {
            leave();
            exchange.fail(fault);
        }

        @Override
        public void next(long from, Chunk chunk) {
            again = true;
            if (!reading && !over) {
                read();
            }
        }

        @Override
        public int seat() {
            return seat;
        }

        @Override
        public void seat(int newSeat) {
            seat = newSeat;
        }

        @Override
        public void presenceChanged(Presences.Key key) {
            // Presences are for streams.
        }

        @Override
        public void tick(long now) {
            if (exchange.isGone()) {
                leave();
            } else if (latest != null && (now >= untilMillis || !mayStay())) {
                end();
            } else if (!reading && latest != null && membersSeenAt != feed.membersChangedAt()) {
                read();
            }
        }

        /** A key that is withdrawn meanwhile is told nothing more; it hears why when it comes again. */
        private boolean mayStay() {
            return live.isLive().test(exchange.org(), exchange.principal());
        }

        @Override
        public void end() {
            if (!over && latest != null) {
                leave();
                exchange.send(latest.answer());
            }
        }

        private void leave() {
            if (!over) {
                over = true;
                own.leaveLive(this, same);
                own.leave(this, same);
                open.remove(this);
                live.feeds().release(exchange.org());
                ended.run();
            }
        }
    }
}
