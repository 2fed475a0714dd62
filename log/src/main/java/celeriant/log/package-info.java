/**
 * The event log: {@link celeriant.log.EventLog}, and what it is asked and answers. Knows no HTTP and no JSON: payloads
 * are opaque bytes, and what must be asked before an append is settled comes in through
 * {@link celeriant.log.Admission}. May import {@code celeriant.model} only. Below it: {@code sequencer} and
 * {@code reading}, which every engine shares; the engines {@code embedded} and {@code memory}; {@code retention};
 * {@code library}, for whoever loads one with a native part.
 */
package celeriant.log;
