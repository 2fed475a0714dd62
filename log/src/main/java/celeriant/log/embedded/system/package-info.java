/** What is asked of the operating system itself. Knows nothing of the log. */
package celeriant.log.embedded.system;
