/**
 * Where everything stands in the journal: entries in RocksDB, what is not written there yet in memory, and the thread's
 * work that brings one into the other. It can be deleted and is made again from the journal.
 */
package celeriant.log.embedded.index;
