/** Real processes under load, killed at any moment, and a witness outside them. Sees the log's public API alone. */
package celeriant.log.embedded.kill;
