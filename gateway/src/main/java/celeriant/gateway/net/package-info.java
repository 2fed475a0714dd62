/**
 * The connections: Netty, and HTTP/1.1 and HTTP/2 on it. Knows requests and answers, and nothing of what is asked.
 *
 * <p>{@link celeriant.gateway.net.HttpServers} listens. Each connection is an
 * {@link celeriant.gateway.net.OpenConnection} of one loop's {@link celeriant.gateway.net.LoopConnections}, and speaks
 * as an {@link celeriant.gateway.net.Http1Connection} or an {@link celeriant.gateway.net.Http2Connection}, each of
 * whose requests is an {@link celeriant.gateway.net.Http1Turn} or an {@link celeriant.gateway.net.Http2Turn}. What
 * HTTP/1.1 reads stands in {@link celeriant.gateway.net.HeadParser}, {@link celeriant.gateway.net.Framing} and
 * {@link celeriant.gateway.net.BodyBytes}, what it writes in {@link celeriant.gateway.net.AnswerBytes}.
 */
package celeriant.gateway.net;
