/** Who goes first where processors are few. Knows nothing of the log. */
package celeriant.log.embedded.threads;
