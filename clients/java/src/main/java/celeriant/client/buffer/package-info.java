/**
 * The local buffer: the one place where a client keeps its identity, its sequence, what is pending, what was rejected,
 * what was settled lately, and the confirmed state of what it reads. May import {@code celeriant.model},
 * {@code celeriant.wire} and JDBC; knows no gateway.
 *
 * <p>{@link celeriant.client.buffer.LocalBuffer} is the interface. Opening one gives its
 * {@link celeriant.client.buffer.BufferContents}; what changes it is a {@link celeriant.client.buffer.Draft}, a
 * {@link celeriant.client.buffer.Settlement} or a {@link celeriant.client.buffer.ConfirmedChange}. The two in SQL are
 * one, {@code SqlBuffer}, over connections of their own; its halves are {@code SqlQueue}, what was appended, and
 * {@code SqlConfirmed}, what was read.
 */
package celeriant.client.buffer;
