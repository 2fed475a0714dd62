package celeriant.gateway.stream;

import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Callers;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.JsonFields;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.Query;
import celeriant.gateway.http.Response;
import celeriant.gateway.presence.Presences;
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
import java.util.function.BiPredicate;

/** Opens subscriptions: with headers, or with a ticket. Called on event loops. */
public final class Subscriptions {
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Answer NO_TICKET = Answer.empty(204);
    private static final Answer STREAM = new Answer(200, MediaTypes.EVENT_STREAM, new byte[0], Map.of());

    private final EventLog log;
    private final AccessService access;
    private final Limits limits;
    private final Feeds feeds;
    private final List<LoopStreams> streams;
    private final Tickets tickets;
    private final Presences presences;
    private final BiPredicate<String, Principal> isLive;
    private final CatchUp catchUp;
    private final Callers callers;

    /** {@code isLive}: whether a caller that was let in may still come; an API key may have been withdrawn. */
    public Subscriptions(
            EventLog log,
            AccessService access,
            Limits limits,
            Feeds feeds,
            List<LoopStreams> streams,
            Tickets tickets,
            Presences presences,
            BiPredicate<String, Principal> isLive,
            Callers callers) {
        this.log = log;
        this.access = access;
        this.limits = limits;
        this.feeds = feeds;
        this.streams = List.copyOf(streams);
        this.tickets = tickets;
        this.presences = presences;
        this.isLive = isLive;
        this.catchUp = new CatchUp(log);
        this.callers = callers;
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
            String ticket = tickets.issue(exchange.org(), exchange.principal(), query);
            String url = "/v1/" + exchange.org() + "/subscriptions/" + ticket;
            return Answer.json(201, Map.of("url", url)).with("Location", url);
        });
    }

    /** {@code GET /v1/{org}/subscriptions/{ticket}}. */
    public void openWithTicket(Exchange exchange) {
        if (exchange.method().equals("HEAD")) {
            exchange.send(tickets.isGood(exchange.org(), exchange.name("ticket")) ? STREAM : NO_TICKET);
            return;
        }
        Optional<Tickets.Ticket> ticket = tickets.take(exchange.org(), exchange.name("ticket"));
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

    private record Opened(Feed feed, long membersSeenAt, ReaderView view, List<AggregateId> unseen, LogHead head) {}

    /**
     * The feed is followed before the log's end is looked at, and asked for the last change of members before the
     * reader's role is, so that nothing falls between the two.
     */
    private void open(Exchange exchange, MergedQuery query) {
        exchange.onWorker(() -> {
            String org = exchange.org();
            Feed feed = feeds.acquire(org);
            try {
                Divergence.require(log, org, query);
                long membersSeenAt = feed.membersChangedAt();
                ReaderView view = new ReaderView(log, access, org, exchange.principal(), EventFilter.of(query));
                List<AggregateId> unseen = view.unseen();
                LogHead head = feed.shared(log.head(org));
                exchange.loop().run(() -> start(exchange, query, new Opened(feed, membersSeenAt, view, unseen, head)));
            } catch (RuntimeException e) {
                feeds.release(org);
                throw e;
            }
        });
    }

    private void start(Exchange exchange, MergedQuery query, Opened opened) {
        Runnable ended;
        try {
            ended = callers.stream(exchange.org(), exchange.principal());
        } catch (RefusedException tooMany) {
            feeds.release(exchange.org());
            exchange.refuse(tooMany.problem());
            return;
        }
        Runnable left = () -> {
            ended.run();
            feeds.release(exchange.org());
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
                        opened.feed(),
                        streams.get(exchange.loop().index()),
                        catchUp,
                        opened.view(),
                        opened.membersSeenAt(),
                        writer -> new PresenceFeed(exchange, presences, access, EventFilter.of(query), writer),
                        query,
                        opened.head(),
                        () -> isLive.test(exchange.org(), exchange.principal()),
                        left)
                .start(opened.unseen());
    }
}
