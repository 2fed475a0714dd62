/**
 * The requests of a client to its gateway: tokens and proofs, answers and refusals, the stream. Not for applications,
 * but for {@link celeriant.client.gateway.Http}, which they may bring along. May import
 * {@code celeriant.client.buffer}.
 */
package celeriant.client.gateway;
