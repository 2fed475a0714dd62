package celeriant.gateway.stream;

import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.JsonFields;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.Query;
import celeriant.gateway.http.Response;
import celeriant.gateway.read.Divergence;
import celeriant.gateway.read.EventFilter;
import celeriant.gateway.read.MergedQuery;
import celeriant.gateway.read.ReaderView;
import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.model.AggregateId;
import celeriant.model.Limits;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens subscriptions: with headers, or with a ticket. Called on event loops. */
public final class Subscriptions {
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Answer NO_TICKET = Answer.empty(204);
    private static final Answer STREAM = new Answer(200, MediaTypes.EVENT_STREAM, new byte[0], Map.of());

    private final EventLog log;
    private final AccessService access;
    private final Limits limits;
    private final Live live;
    private final CatchUp catchUp;

    public Subscriptions(EventLog log, AccessService access, Limits limits, Live live) {
        this.log = log;
        this.access = access;
        this.limits = limits;
        this.live = live;
        this.catchUp = new CatchUp(log);
    }

    /** {@code GET /v1/{org}/events} with {@code Accept: text/event-stream}. */
    public void open(Exchange exchange) {
        open(exchange, resumed(exchange, MergedQuery.of(exchange.query(), limits)));
    }

    /** {@code POST /v1/{org}/subscriptions}: its faults are told here, for EventSource could not read them. */
    public void prepare(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        MergedQuery query = MergedQuery.of(JsonFields.read(body), limits);
        exchange.answerFromWorker(() -> {
            Divergence.require(log, exchange.org(), query);
            String ticket = live.tickets().issue(exchange.org(), exchange.principal(), query);
            String url = "/v1/" + exchange.org() + "/subscriptions/" + ticket;
            return Answer.json(201, Map.of("url", url)).with("Location", url);
        });
    }

    /** {@code GET /v1/{org}/subscriptions/{ticket}}. */
    public void openWithTicket(Exchange exchange) {
        if (exchange.method().equals("HEAD")) {
            exchange.send(live.tickets().isGood(exchange.org(), exchange.name("ticket")) ? STREAM : NO_TICKET);
            return;
        }
        // A key may have been withdrawn since it asked for the ticket.
        Optional<Tickets.Ticket> ticket = live.tickets()
                .take(exchange.org(), exchange.name("ticket"))
                .filter(taken -> live.isLive().test(exchange.org(), taken.principal()));
        if (ticket.isEmpty()) {
            exchange.send(NO_TICKET);
            return;
        }
        exchange.admitted(ticket.get().principal());
        open(exchange, resumed(exchange, ticket.get().query()));
    }

    private static MergedQuery resumed(Exchange exchange, MergedQuery query) {
        String last = exchange.singleHeader(LAST_EVENT_ID);
        if (last == null || last.isBlank()) {
            return query;
        }
        long position = Query.wholeNumber(last.strip());
        if (position < 0) {
            throw Exchange.badHeader(LAST_EVENT_ID, LAST_EVENT_ID + " is a position.");
        }
        return query.from(position);
    }

    /**
     * What a reader asked for, and what was found when it came.
     *
     * @param membersSeenAt up to which change of the org's members {@code view} knows
     * @param unseen the aggregates that the filter names and the reader may not see
     * @param head the log's end when the feed was already followed
     */
    record Opened(
            MergedQuery query,
            Feed feed,
            long membersSeenAt,
            ReaderView view,
            List<AggregateId> unseen,
            LogHead head) {}

    /**
     * The feed is followed before the log's end is looked at, and asked for the last change of members before the
     * reader's role is, so that nothing falls between the two.
     */
    private void open(Exchange exchange, MergedQuery query) {
        exchange.onWorker(() -> {
            String org = exchange.org();
            Feed feed = live.feeds().acquire(org);
            try {
                Divergence.require(log, org, query);
                long membersSeenAt = feed.membersChangedAt();
                ReaderView view = new ReaderView(log, access, org, exchange.principal(), EventFilter.of(query));
                List<AggregateId> unseen = view.unseen();
                LogHead head = feed.shared(log.head(org));
                Opened opened = new Opened(query, feed, membersSeenAt, view, unseen, head);
                exchange.loop().run(() -> start(exchange, opened));
            } catch (RuntimeException e) {
                live.feeds().release(org);
                throw e;
            }
        });
    }

    private void start(Exchange exchange, Opened opened) {
        Runnable ended;
        try {
            ended = live.callers().stream(exchange.org(), exchange.principal());
        } catch (RefusedException tooMany) {
            live.feeds().release(exchange.org());
            exchange.refuse(tooMany.problem());
            return;
        }
        Runnable left = () -> {
            ended.run();
            live.feeds().release(exchange.org());
        };
        Response response = exchange.begin(200);
        if (response == null) {
            left.run();
            return;
        }
        if (exchange.method().equals("HEAD")) {
            left.run();
            response.header("Content-Type", MediaTypes.EVENT_STREAM);
            response.end();
            return;
        }
        new SubscriptionStream(
                        exchange,
                        response,
                        opened,
                        live.streams().get(exchange.loop().index()),
                        catchUp,
                        writer -> new PresenceFeed(
                                exchange, live.presences(), access, EventFilter.of(opened.query()), writer),
                        () -> live.isLive().test(exchange.org(), exchange.principal()),
                        left)
                .start(opened.unseen());
    }
}
