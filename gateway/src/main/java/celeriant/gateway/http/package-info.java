/**
 * HTTP itself, before any meaning: paths and queries, the router, bodies and their limits, answers and problems, and
 * the way from an event loop to a worker and back. Knows of the log its failures alone, and no sockets: those are in
 * {@code celeriant.gateway.net}.
 *
 * <p>A request's way: a {@link celeriant.gateway.http.RequestHead} and its {@link celeriant.gateway.http.Carrier} come
 * to the {@link celeriant.gateway.http.FrontDoor}, which makes an {@link celeriant.gateway.http.Exchange} of them, asks
 * the {@link celeriant.gateway.http.Router} for the {@link celeriant.gateway.http.Route}, has the caller proved
 * ({@link celeriant.gateway.http.Authentication}) and held to its share ({@link celeriant.gateway.http.Callers}), and
 * reads the body. The route's handler answers with a whole {@link celeriant.gateway.http.Answer}, or in pieces with a
 * {@link celeriant.gateway.http.Response}.
 */
package celeriant.gateway.http;
