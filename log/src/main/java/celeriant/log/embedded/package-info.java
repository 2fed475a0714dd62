/**
 * The engine of one machine: segment files hold the truth, a RocksDB index beside them can be rebuilt from them. One
 * writer thread decides, writes and syncs for all who wait; reads run on their callers' threads. Here are the log as it
 * is embedded, its configuration, and how its parts are put together; each part is a package, which knows those before
 * it: {@code system}, {@code disk}, {@code record}, {@code journal}, {@code heads}, {@code index}, {@code reads},
 * {@code commit}, {@code subscriptions}, {@code compaction}, {@code backup}. {@code verify} stands apart and knows
 * none. May import {@code celeriant.log}, {@code celeriant.log.sequencer}, {@code celeriant.log.reading} and
 * {@code celeriant.model}.
 */
package celeriant.log.embedded;
