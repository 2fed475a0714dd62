/**
 * What every engine's reads share: the filter of the merged log, where pages end, and the state as of a version. An
 * engine brings the events; these say which of them belong into the answer. No I/O, no threads. May import
 * {@code celeriant.log}, {@code celeriant.log.sequencer} and {@code celeriant.model}.
 */
package celeriant.log.reading;
