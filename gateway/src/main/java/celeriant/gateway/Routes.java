package celeriant.gateway;

import celeriant.gateway.append.Discards;
import celeriant.gateway.append.GeneralAppend;
import celeriant.gateway.append.ShortAppend;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.PageFiles;
import celeriant.gateway.http.ProblemPages;
import celeriant.gateway.http.Route;
import celeriant.gateway.http.Router;
import celeriant.gateway.identity.TokenEndpoint;
import celeriant.gateway.read.AggregateEvents;
import celeriant.gateway.read.Listings;
import celeriant.gateway.read.MergedEvents;
import celeriant.gateway.read.NdjsonEvents;
import celeriant.gateway.read.Snapshots;
import celeriant.gateway.read.States;
import celeriant.gateway.stream.Feeds;
import celeriant.gateway.stream.LongPoll;
import celeriant.gateway.stream.LoopStreams;
import celeriant.gateway.stream.Subscriptions;
import celeriant.gateway.stream.Tickets;
import celeriant.log.EventLog;
import celeriant.model.Limits;
import java.util.List;
import java.util.function.Consumer;

/** Every address of the protocol and what is done there. Built once. */
final class Routes {
    private static final String AGGREGATE = "/v1/{org}/{type}/{id}";

    private final Router<Route> router = new Router<>();
    private final Limits limits;

    Routes(EventLog log, Limits limits, TokenEndpoint tokens, Feeds feeds, List<LoopStreams> streams, Tickets tickets) {
        this.limits = limits;
        router.on("POST", "/oauth/token", new Route(TokenEndpoint.BODY_BYTES_MAX, false, tokens::handle));
        page("/problems", exchange -> exchange.send(ProblemPages.list()));
        page("/problems/{code}", exchange -> exchange.send(ProblemPages.page(exchange.name("code"))));
        appends(log);
        reads(log);
        merged(log, feeds, streams, tickets);
    }

    /** Adds an application's page. */
    void serve(PageFiles files) {
        files.paths().forEach(path -> page(path, exchange -> exchange.send(files.answer(path, exchange))));
    }

    Router<Route> router() {
        return router;
    }

    private void appends(EventLog log) {
        write("POST", "/v1/{org}/appends", limits.bodyBytesMax(), new GeneralAppend(log, limits)::handle);
        write("POST", AGGREGATE + "/events", limits.bodyBytesMax(), new ShortAppend(log, limits, Ids::uuid)::handle);
        Discards discards = new Discards(log);
        write("POST", AGGREGATE + "/trim", limits.bodyBytesMax(), discards::trim);
        write("DELETE", AGGREGATE, 0, (exchange, body) -> discards.delete(exchange));
        Snapshots snapshots = new Snapshots(log);
        write(
                "PUT",
                AGGREGATE + "/snapshot",
                limits.snapshotBytesMax(),
                (exchange, body) -> snapshots.put(exchange, body, true));
        read(AGGREGATE + "/snapshot", snapshots::get);
    }

    private void reads(EventLog log) {
        Listings listings = new Listings(log, limits);
        read("/v1/{org}", listings::types);
        read("/v1/{org}/{type}", listings::aggregates);
        read(AGGREGATE, listings::aggregate);
        read(AGGREGATE + "/events", new AggregateEvents(log, limits)::handle);
        read(AGGREGATE + "/state", new States(log)::handle);
    }

    private void merged(EventLog log, Feeds feeds, List<LoopStreams> streams, Tickets tickets) {
        MergedEvents pages = new MergedEvents(log, limits);
        NdjsonEvents ndjson = new NdjsonEvents(log, limits);
        LongPoll poll = new LongPoll(log, limits, feeds, streams, pages);
        Subscriptions subscriptions = new Subscriptions(log, limits, feeds, streams, tickets);
        read("/v1/{org}/events", exchange -> {
            if (MediaTypes.accepts(exchange, MediaTypes.EVENT_STREAM)) {
                subscriptions.open(exchange);
            } else if (MediaTypes.accepts(exchange, MediaTypes.NDJSON)) {
                ndjson.handle(exchange);
            } else if (LongPoll.isAskedFor(exchange.query())) {
                poll.handle(exchange);
            } else {
                pages.handle(exchange);
            }
        });
        write("POST", "/v1/{org}/subscriptions", limits.bodyBytesMax(), subscriptions::prepare);
        page("/v1/{org}/subscriptions/{ticket}", subscriptions::openWithTicket);
    }

    private void page(String template, Consumer<Exchange> handler) {
        router.on("GET", template, new Route(0, false, (exchange, body) -> handler.accept(exchange)));
    }

    private void read(String template, Consumer<Exchange> handler) {
        router.on("GET", template, new Route(0, true, (exchange, body) -> handler.accept(exchange)));
    }

    private void write(String method, String template, int bodyBytesMax, Route.Handler handler) {
        router.on(method, template, new Route(bodyBytesMax, true, handler));
    }
}
