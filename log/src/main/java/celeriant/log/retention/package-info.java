/**
 * Bounded history: trims by age and by count, appended to the log like anyone's. Works on every
 * {@link celeriant.log.EventLog} through its interface alone. May import {@code celeriant.log} and
 * {@code celeriant.model}.
 */
package celeriant.log.retention;
