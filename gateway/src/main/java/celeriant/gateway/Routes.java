package celeriant.gateway;

import celeriant.gateway.access.Access;
import celeriant.gateway.access.AccessService;
import celeriant.gateway.append.Discards;
import celeriant.gateway.append.GeneralAppend;
import celeriant.gateway.append.ShortAppend;
import celeriant.gateway.http.ApiDescription;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.PageFiles;
import celeriant.gateway.http.ProblemPages;
import celeriant.gateway.http.Route;
import celeriant.gateway.http.Router;
import celeriant.gateway.identity.TokenEndpoint;
import celeriant.gateway.presence.PresenceEndpoint;
import celeriant.gateway.read.AggregateEvents;
import celeriant.gateway.read.Listings;
import celeriant.gateway.read.MergedEvents;
import celeriant.gateway.read.NdjsonEvents;
import celeriant.gateway.read.ReadGuard;
import celeriant.gateway.read.Snapshots;
import celeriant.gateway.read.States;
import celeriant.gateway.schema.SchemaService;
import celeriant.gateway.settings.AccessEndpoints;
import celeriant.gateway.settings.Me;
import celeriant.gateway.settings.SchemaEndpoints;
import celeriant.gateway.stream.Live;
import celeriant.gateway.stream.LongPoll;
import celeriant.gateway.stream.Subscriptions;
import celeriant.log.EventLog;
import celeriant.model.Limits;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Every address of the protocol and what is done there. Built once. */
final class Routes {
    private static final String AGGREGATE = "/v1/{org}/{type}/{id}";

    private static final int SETTINGS_BYTES_MAX = 1 << 20;

    private final Router<Route> router = new Router<>();
    private final Limits limits;

    Routes(
            EventLog log,
            Limits limits,
            Supplier<UUID> ids,
            Access access,
            SchemaService schemas,
            TokenEndpoint tokens,
            Live live) {
        this.limits = limits;
        AccessService service = access.service();
        router.on("POST", "/oauth/token", new Route(TokenEndpoint.BODY_BYTES_MAX, false, true, tokens::handle));
        page("/problems", ProblemPages.list()::send);
        page(
                "/problems/{code}",
                exchange -> ProblemPages.page(exchange.name("code")).send(exchange));
        page("/openapi.json", exchange -> ApiDescription.shared().json().send(exchange));
        page("/openapi", exchange -> ApiDescription.shared().page().send(exchange));
        appends(log, service, ids);
        reads(log, new ReadGuard(service, live.isLive()));
        merged(log, service, live);
        settings(new AccessEndpoints(access), new SchemaEndpoints(schemas));
        PresenceEndpoint presence = new PresenceEndpoint(live.presences(), log, service, live.clock(), limits);
        write("PUT", AGGREGATE + "/presence", SETTINGS_BYTES_MAX, presence::put);
        read("/v1/{org}/me", new Me(log, service, limits)::handle);
    }

    /** Adds an application's page. */
    void serve(PageFiles files) {
        files.paths().forEach(path -> page(path, exchange -> exchange.send(files.answer(path, exchange))));
    }

    Router<Route> router() {
        return router;
    }

    private void appends(EventLog log, AccessService access, Supplier<UUID> ids) {
        write("POST", "/v1/{org}/appends", limits.bodyBytesMax(), new GeneralAppend(log, limits)::handle);
        conditional("POST", AGGREGATE + "/events", limits.bodyBytesMax(), new ShortAppend(log, limits, ids)::handle);
        Discards discards = new Discards(log);
        conditional("POST", AGGREGATE + "/trim", limits.bodyBytesMax(), discards::trim);
        conditional("DELETE", AGGREGATE, 0, (exchange, body) -> discards.delete(exchange));
    }

    private void reads(EventLog log, ReadGuard guard) {
        Listings listings = new Listings(log, guard, limits);
        read("/v1/{org}", listings::types);
        read("/v1/{org}/{type}", listings::aggregates);
        read(AGGREGATE, listings::aggregate);
        read(AGGREGATE + "/events", new AggregateEvents(log, guard, limits)::handle);
        read(AGGREGATE + "/state", new States(log, guard)::handle);
        Snapshots snapshots = new Snapshots(log, guard);
        conditional("PUT", AGGREGATE + "/snapshot", limits.snapshotBytesMax(), snapshots::put);
        read(AGGREGATE + "/snapshot", snapshots::get);
    }

    private void settings(AccessEndpoints access, SchemaEndpoints schemas) {
        read(AGGREGATE + "/access", access::access);
        conditional("PATCH", AGGREGATE + "/access", SETTINGS_BYTES_MAX, access::patchAccess);
        write("POST", AGGREGATE + "/revoke", SETTINGS_BYTES_MAX, access::revoke);
        write("POST", AGGREGATE + "/shares", SETTINGS_BYTES_MAX, access::share);
        write("DELETE", AGGREGATE + "/shares/{share}", 0, (exchange, body) -> access.withdraw(exchange));
        write("POST", "/v1/{org}/shares", SETTINGS_BYTES_MAX, access::invite);
        write("POST", "/v1/{org}/shares/redeem", SETTINGS_BYTES_MAX, access::redeem);
        write("DELETE", "/v1/{org}/shares/{share}", 0, (exchange, body) -> access.withdrawInvitation(exchange));
        read("/v1/{org}/members", access::members);
        conditional("PATCH", "/v1/{org}/members", SETTINGS_BYTES_MAX, access::patchMembers);
        read("/v1/{org}/schemas", schemas::list);
        read("/v1/{org}/schemas/{eventType}/{typeVersion}", schemas::get);
        write("PUT", "/v1/{org}/schemas/{eventType}/{typeVersion}", limits.eventDataBytesMax(), schemas::put);
    }

    private void merged(EventLog log, AccessService access, Live live) {
        MergedEvents pages = new MergedEvents(log, access, limits);
        NdjsonEvents ndjson = new NdjsonEvents(log, access, limits, live.isLive());
        LongPoll poll = new LongPoll(log, access, limits, live, pages);
        Subscriptions subscriptions = new Subscriptions(log, access, limits, live);
        read("/v1/{org}/events", exchange -> {
            String form = MediaTypes.preferred(exchange);
            if (form.equals(MediaTypes.EVENT_STREAM)) {
                subscriptions.open(exchange);
            } else if (form.equals(MediaTypes.NDJSON)) {
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
        router.on("GET", template, new Route(0, false, true, (exchange, body) -> handler.accept(exchange)));
    }

    private void read(String template, Consumer<Exchange> handler) {
        router.on("GET", template, new Route(0, true, true, (exchange, body) -> handler.accept(exchange)));
    }

    private void write(String method, String template, int bodyBytesMax, Route.Handler handler) {
        router.on(method, template, new Route(bodyBytesMax, true, false, handler));
    }

    /** A write that may expect a version. */
    private void conditional(String method, String template, int bodyBytesMax, Route.Handler handler) {
        router.on(method, template, new Route(bodyBytesMax, true, true, handler));
    }
}
