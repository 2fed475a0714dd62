/**
 * The local buffer: the one place where a client keeps its identity, its sequence, what is pending, what was rejected,
 * what was settled lately, and the confirmed state of what it reads. May import {@code celeriant.model},
 * {@code celeriant.wire} and JDBC; knows no gateway.
 */
package celeriant.client.buffer;
