/**
 * The event log: its interface, the pure decisions behind every append, and the engines of one machine. Knows no HTTP
 * and no JSON: payloads are opaque bytes, and what must be asked before an append is settled comes in through
 * {@link celeriant.log.Admission}. May import {@code celeriant.model} only.
 */
package celeriant.log;
