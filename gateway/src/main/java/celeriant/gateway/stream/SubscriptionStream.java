package celeriant.gateway.stream;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.Faults;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.Outlet;
import celeriant.gateway.http.Response;
import celeriant.gateway.identity.AccessTokens;
import celeriant.gateway.presence.Presences;
import celeriant.gateway.read.EventFilter;
import celeriant.gateway.read.MergedQuery;
import celeriant.gateway.read.ReaderView;
import celeriant.gateway.read.VisiblePage;
import celeriant.log.LogHead;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.wire.JsonBytes;
import celeriant.wire.PageWriter.RightChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One subscriber: a response, a position, and when it last took something. While its connection takes more it is
 * written what follows its position, from the feed's ring or, behind that, from the log; when the connection is full
 * nothing is kept for it. Confined to its event loop.
 */
final class SubscriptionStream implements Feed.Member, LoopStreams.Open {
    /** A stream says at least this often that it lives. */
    static final long HEARTBEAT_MILLIS = 15_000;

    /** A stream outlives its token by an hour. */
    static final long LIFE_MILLIS = TimeUnit.SECONDS.toMillis(AccessTokens.LIFE_SECONDS) + TimeUnit.HOURS.toMillis(1);

    private final Exchange exchange;
    private final Response response;
    private final Feed feed;
    private final LoopFeed own;
    private final LoopStreams streams;
    private final SameFilter same;
    private final CatchUp catchUp;
    private final ReaderView view;
    private final boolean seesEverything;
    private final PresenceFeed presence;
    private final BooleanSupplier isLive;
    private final Runnable left;
    private final long endsAtMillis;

    private Outlet outlet;
    private MergedQuery query;
    private LogHead head;
    private long position;
    private long membersSeenAt;
    /** Where the reader was told last what the log looks like. */
    private long toldPosition;

    private long tickPosition;
    private int seat;
    private boolean reading;
    private boolean caughtUp;
    private boolean live;
    private boolean full;
    private boolean closed;
    private long heartbeatAtMillis;
    private long progressMillis;

    /**
     * @param isLive whether the reader may still come
     * @param left called once, when it is over
     */
    SubscriptionStream(
            Exchange exchange,
            Response response,
            Subscriptions.Opened opened,
            LoopStreams streams,
            CatchUp catchUp,
            Function<Consumer<byte[]>, PresenceFeed> presence,
            BooleanSupplier isLive,
            Runnable left) {
        this.exchange = exchange;
        this.response = response;
        this.feed = opened.feed();
        this.streams = streams;
        this.catchUp = catchUp;
        this.view = opened.view();
        this.seesEverything = view.seesEverything();
        this.presence = presence.apply(this::writePresence);
        this.membersSeenAt = opened.membersSeenAt();
        this.query = opened.query();
        this.own = feed.on(exchange.loop());
        this.same = own.join(this, EventFilter.of(query));
        this.head = opened.head();
        this.position = query.after();
        this.isLive = isLive;
        this.left = left;
        this.progressMillis = streams.now();
        this.heartbeatAtMillis = progressMillis + HEARTBEAT_MILLIS;
        this.endsAtMillis =
                exchange.principal() != null && !exchange.principal().isDevice()
                        ? Long.MAX_VALUE
                        : progressMillis + LIFE_MILLIS;
    }

    /** Opens it, and tells of the aggregates that the filter names and the reader may not see. */
    void start(List<AggregateId> unseen) {
        response.header("Content-Type", MediaTypes.EVENT_STREAM);
        response.header("X-Accel-Buffering", "no");
        response.onGone(this::close);
        response.onDrain(this::drained);
        streams.add(this);
        if (!closed) {
            response.write(SseText.opening());
            response.holdsLittle();
            outlet = response.outlet();
            exchange.forgetRequest();
            for (AggregateId aggregate : unseen) {
                response.write(SseText.right(new RightChange(aggregate, null, position)));
            }
            pump();
        }
    }

    private void drained() {
        full = false;
        progressMillis = streams.now();
        presence.drained();
        pump();
    }

    @Override
    public void next(long from, Chunk chunk) {
        try {
            take(from, chunk);
        } catch (RuntimeException e) {
            Faults.report("a subscription", e);
            cut();
        }
    }

    private void take(long from, Chunk chunk) {
        position = Math.max(position, from);
        if (chunk != null && position >= chunk.last()) {
            return;
        }
        if (chunk == null || position > from || !isReady(chunk)) {
            leaveLive();
            pump();
            return;
        }
        advance(chunk);
        if (full) {
            leaveLive();
        }
    }

    /** From now on it is told what comes, instead of looking for it. */
    private void goLive() {
        live = true;
        own.goLive(this, same, position);
    }

    private void leaveLive() {
        live = false;
        own.leaveLive(this, same);
    }

    @Override
    public int seat() {
        return seat;
    }

    @Override
    public void seat(int newSeat) {
        seat = newSeat;
    }

    /** Looks for what follows its position, until it is live or its connection takes no more. */
    private void pump() {
        while (!closed && !reading && !live && !full) {
            if (membersSeenAt != feed.membersChangedAt()) {
                checkRole();
                return;
            }
            hear();
            if (isThere()) {
                tellCaughtUp();
                goLive();
                return;
            }
            Chunk chunk = own.after(position, same);
            if (chunk == null || !isReady(chunk)) {
                read();
                return;
            }
            advance(chunk);
        }
    }

    /** Whether nothing is left to look for. What is told as its end is known to be: a page may reach behind head. */
    private boolean isThere() {
        return caughtUp
                ? position >= Math.min(head.position(), own.settled())
                : position == head.position() || position > head.position() && position == query.after();
    }

    private boolean isReady(Chunk chunk) {
        return seesEverything || view.isReady(chunk.relevant());
    }

    private void advance(Chunk chunk) {
        advance(chunk.last(), seesEverything ? chunk.frame() : visible(chunk));
    }

    private void hear() {
        LogHead heard = feed.head();
        if (heard != null && heard.position() > head.position()) {
            head = heard;
        }
    }

    @Override
    public void presenceChanged(Presences.Key key) {
        if (!closed) {
            presence.changed(key, full || response.isFull());
        }
    }

    private void writePresence(byte[] message) {
        if (!closed) {
            response.write(message);
        }
    }

    /** What this reader may see of it: mostly all, and then the bytes that it shares with others. */
    private Frame visible(Chunk chunk) {
        List<RecordedEvent> shown = new ArrayList<>();
        List<RightChange> changes = new ArrayList<>();
        view.look(chunk.relevant(), shown, changes);
        if (changes.isEmpty() && shown.size() == chunk.passing()) {
            return chunk.frame();
        }
        changes.forEach(change -> presence.rightChanged(change.aggregate()));
        JsonBytes out = new JsonBytes();
        SseText.messages(new VisiblePage(shown, changes, chunk.last(), true, chunk.last()), out);
        return out.length() == 0 ? null : Frame.of(out.toByteArray());
    }

    /** The org's members changed: a reader whose role is another one now starts anew. */
    private void checkRole() {
        reading = true;
        long changedAt = feed.membersChangedAt();
        try {
            exchange.onWorker(() -> {
                boolean current = isRoleCurrent();
                exchange.loop().run(() -> {
                    reading = false;
                    membersSeenAt = changedAt;
                    if (current) {
                        pump();
                    } else {
                        end();
                    }
                });
            });
        } catch (RefusedException busy) {
            reading = false;
        }
    }

    /** One that cannot be told starts anew, too, rather than stand still. */
    private boolean isRoleCurrent() {
        try {
            return view.isCurrent();
        } catch (RuntimeException e) {
            Faults.report("a subscriber's role", e);
            return false;
        }
    }

    private void advance(long newPosition, Frame frame) {
        position = newPosition;
        if (frame != null) {
            full = !outlet.deliver(frame);
        }
    }

    /** Behind the ring: a page from the log, on a worker. When there is no worker free, the next tick tries again. */
    private void read() {
        reading = true;
        query = query.from(position);
        boolean taken = catchUp.read(exchange, query, view, this::read, fault -> cut());
        reading = taken;
    }

    private void read(CatchUp.Read page) {
        reading = false;
        if (closed) {
            return;
        }
        if (page.head() != null && page.head().position() >= head.position()) {
            head = page.head();
        }
        page.rights().forEach(change -> presence.rightChanged(change.aggregate()));
        advance(page.last(), page.bytes() == null ? null : Frame.of(page.bytes()));
        pump();
    }

    private void tellCaughtUp() {
        if (caughtUp) {
            return;
        }
        caughtUp = true;
        tellHead("caught-up");
        presence.start();
    }

    /** What the log looks like at its end, which is where this reader is. */
    private void tellHead(String event) {
        toldPosition = head.position();
        JsonBytes data = new JsonBytes();
        data.raw('{').name("position").number(head.position());
        data.name("log").string(head.logId());
        data.name("hash").string(head.hash()).raw('}');
        response.write(SseText.named(event, head.position(), data));
    }

    /** A reader that moved on is told anew once it is quiet, and with a heartbeat, so that it can ask by it later. */
    private void tellAgreed(boolean due) {
        boolean quiet = position == tickPosition;
        tickPosition = position;
        if (caughtUp && (quiet || due) && position == head.position() && position != toldPosition) {
            tellHead("agreed");
        }
    }

    @Override
    public void tick(long now) {
        if (closed) {
            return;
        }
        if (response.isSent()) {
            full = false;
            progressMillis = now;
        } else if (streams.isStalled(progressMillis, now)) {
            cut();
            return;
        }
        if (now >= endsAtMillis || !isLive.getAsBoolean()) {
            end();
            return;
        }
        if (live) {
            hear();
            position = Math.max(position, own.position());
        }
        boolean due = now >= heartbeatAtMillis && !full;
        if (due) {
            heartbeatAtMillis = now + HEARTBEAT_MILLIS;
            response.write(SseText.heartbeat(position));
        }
        if (!full) {
            tellAgreed(due);
        }
        pump();
    }

    /** Says that the reader should come back, and ends. */
    @Override
    public void end() {
        if (!closed) {
            JsonBytes nothing = new JsonBytes();
            nothing.raw('{').raw('}');
            response.write(SseText.named("closing", -1, nothing));
            response.end();
            close();
        }
    }

    private void cut() {
        close();
        exchange.disconnect();
    }

    private void close() {
        if (!closed) {
            closed = true;
            if (live) {
                leaveLive();
            }
            own.leave(this, same);
            streams.remove(this);
            left.run();
        }
    }
}
