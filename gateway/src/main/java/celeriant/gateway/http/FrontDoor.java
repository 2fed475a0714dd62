package celeriant.gateway.http;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.metrics.Metrics;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes every request: is the host ours, which route is it, who asks, is the body within its limit; then the route's
 * handler. In that order, so that the cheap refusals come first. Used by all event loops; each request stays on its
 * own.
 */
public final class FrontDoor implements RequestReceiver {
    private static final String METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

    private final Router<Route> router;
    private final RecentRoutes<Route> recent = new RecentRoutes<>();
    private final Authentication authentication;
    private final Workers workers;
    private final StandingHeaders standing;
    private final Set<String> hosts;
    private final Metrics metrics;
    private final Callers callers;
    private volatile String ourLatest;

    /** {@code hosts} are the names under which the gateway may be called; empty = any. */
    public FrontDoor(
            Router<Route> router,
            Authentication authentication,
            Workers workers,
            StandingHeaders standing,
            Set<String> hosts,
            Metrics metrics,
            Callers callers) {
        this.router = router;
        this.authentication = authentication;
        this.workers = workers;
        this.standing = standing;
        this.hosts = Set.copyOf(hosts);
        this.metrics = metrics;
        this.callers = callers;
    }

    @Override
    public void receive(RequestHead head, Carrier carrier) {
        Exchange exchange = new Exchange(head, carrier, workers, standing, metrics);
        exchange.knows(callers);
        try {
            requireOurHost(head);
            if (head.path().equals("*") && head.method().equals("OPTIONS")) {
                // The gateway as a whole (RFC 9110 section 9.3.7).
                exchange.send(Answer.empty(204).with("Allow", METHODS));
                return;
            }
            Router.Match.Found<Route> known = recent.find(head.method(), head.path());
            if (known == null) {
                route(exchange, head);
            } else {
                enter(exchange, known);
            }
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private void route(Exchange exchange, RequestHead head) {
        switch (router.match(head.method(), RequestPath.segments(head.path()))) {
            case Router.Match.Found<Route> found -> {
                recent.put(head.method(), head.path(), found);
                enter(exchange, found);
            }
            case Router.Match.BadName<Route> bad ->
                throw Query.bad(
                        bad.parameter(),
                        "The " + bad.parameter() + " in the path is outside the alphabet of names: 1 to 128 of"
                                + " A-Z a-z 0-9 . _ ~ -, the first of A-Z a-z 0-9 _ -.");
            case Router.Match.OtherMethods<Route> other -> otherMethod(exchange, other.allowed());
            case Router.Match.Nothing<Route> nothing -> throw RequestPath.notFound();
        }
    }

    private void requireOurHost(RequestHead head) {
        String latest = ourLatest;
        if (hosts.isEmpty() || latest != null && latest.equals(head.authority())) {
            return;
        }
        String host = head.authority() == null ? "" : hostOf(head.authority());
        if (!hosts.contains(host.toLowerCase(Locale.ROOT))) {
            throw Exchange.badHeader("Host", "The gateway is not called by this name.");
        }
        ourLatest = head.authority();
    }

    /** Without the port; an address of IPv6 keeps its brackets. */
    private static String hostOf(String authority) {
        int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private void otherMethod(Exchange exchange, List<String> allowed) {
        String allow = String.join(", ", allowed);
        if (exchange.method().equals("OPTIONS")) {
            exchange.send(standing.onPreflight(Answer.empty(204).with("Allow", allow), exchange.header("Origin")));
            return;
        }
        Problem problem = Problem.of(ErrorCode.METHOD_NOT_ALLOWED, "This address takes " + allow + ".");
        exchange.send(Answer.problem(problem).with("Allow", allow));
    }

    private void enter(Exchange exchange, Router.Match.Found<Route> found) {
        exchange.routed(found.names());
        Route route = found.handler();
        if (!route.needsPrincipal()) {
            readBody(exchange, route);
            return;
        }
        authentication.authenticate(exchange, principal -> admitted(exchange, route, principal));
    }

    private void admitted(Exchange exchange, Route route, Principal principal) {
        exchange.admitted(principal);
        exchange.onSettled(callers.request(exchange.org(), principal));
        if (!route.takesConditions()) {
            Conditions.requireNone(exchange);
        }
        readBody(exchange, route);
    }

    private void readBody(Exchange exchange, Route route) {
        if (route.bodyBytesMax() == 0) {
            handle(exchange, route, new byte[0]);
            return;
        }
        BodyReader.read(exchange, route.bodyBytesMax(), body -> handle(exchange, route, body));
    }

    private void handle(Exchange exchange, Route route, byte[] body) {
        try {
            route.handler().handle(exchange, body);
        } catch (RefusedException e) {
            exchange.refuse(e.problem());
        } catch (RuntimeException | StackOverflowError e) {
            exchange.fail(e);
        }
    }
}
