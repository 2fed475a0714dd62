/** Reads of the log: pages, NDJSON, state, snapshots, listings. Everything that touches the log runs on a worker. */
package celeriant.gateway.read;
