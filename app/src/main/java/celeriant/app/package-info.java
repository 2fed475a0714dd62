/** The {@code celeriant} command: the only place that chooses an engine. */
package celeriant.app;
