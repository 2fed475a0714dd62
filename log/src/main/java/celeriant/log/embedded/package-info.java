/**
 * The engine of one machine: segment files hold the truth, a RocksDB index beside them can be rebuilt from them. One
 * writer thread decides, writes and syncs for all who wait; reads run on their callers' threads. May import
 * {@code celeriant.log}, {@code celeriant.log.sequencer} and {@code celeriant.model}.
 */
package celeriant.log.embedded;
