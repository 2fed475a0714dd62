/**
 * HTTP and Server-Sent Events over any {@link celeriant.log.EventLog}: the protocol, identity, access. Knows no engine.
 *
 * <p>Here a gateway is put together: {@link celeriant.gateway.GatewayCore} without its sockets,
 * {@link celeriant.gateway.Gateway} with them. To find what an address does, begin with
 * {@link celeriant.gateway.Routes}; those of the admin port are {@link celeriant.gateway.AdminPages}. Each part is a
 * package, which knows those before it: {@code access}, {@code metrics}, {@code tls}, {@code http}, {@code net},
 * {@code operator}, {@code identity}, {@code oidc}, {@code schema}, {@code presence}, {@code append}, {@code read},
 * {@code stream}, {@code settings}.
 */
package celeriant.gateway;
